using System.Text.Json.Nodes;
using FlowKit.Tests;

namespace FlowKit.Kernel.Tests;

/// <summary>Jupyter's own programs, with .NET Interactive as their kernel .net-csharp.</summary>
public sealed class InteractiveJupyter : JupyterFolder
{
    public InteractiveJupyter()
    {
        string spec = Path.Combine(Folder, "JUPYTER_DATA_DIR", "kernels", ".net-csharp");
        Directory.CreateDirectory(spec);

        // What 'dotnet interactive jupyter install' writes, without the search for the program, and on the loopback only.
        File.WriteAllText(Path.Combine(spec, "kernel.json"), new JsonObject
        {
            ["argv"] = new JsonArray("dotnet", StdioKernel.Program, "jupyter", "--default-kernel", "csharp", "{connection_file}", "--http-local-only"),
            ["display_name"] = ".NET (C#)",
            ["language"] = "C#",
            ["env"] = new JsonObject { ["DOTNET_INTERACTIVE_CLI_TELEMETRY_OPTOUT"] = "1", ["DOTNET_INTERACTIVE_SKIP_FIRST_TIME_EXPERIENCE"] = "1" },
        }.ToJsonString());
    }

    /// <summary>The notebook, executed in its own folder by nbclient; the first cell that fails is a failed assertion.</summary>
    public JsonNode Execute(string notebook)
    {
        string there = Path.Combine(Folder, Path.GetFileName(notebook));
        string printed = RunPython("-m", "nbconvert", "--to", "notebook", "--execute", notebook, "--output-dir", Folder, "--ExecutePreprocessor.kernel_name=.net-csharp");
        Assert.True(File.Exists(there), printed);
        return JsonNode.Parse(File.ReadAllText(there))!;
    }
}
