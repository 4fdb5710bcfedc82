using System.Collections.Concurrent;

namespace FlowKit.Cli;

/// <summary>Console input of cells: the client asks its user. Where no client does, the input is at its end.</summary>
internal sealed class InputPrompt : TextReader
{
    private readonly BlockingCollection<string> answers = [];

    /// <summary>The running cell's request, if its client can ask its user; else null.</summary>
    public KernelScope? Scope { get; set; }

    /// <summary>The user's answer arrived.</summary>
    public void Take(KernelMessage reply) => answers.Add(reply.Content["value"].AsText() ?? "");

    /// <inheritdoc/>
    public override string? ReadLine()
    {
        if (Scope is not { } scope) return null;
        while (answers.TryTake(out _)) { }          // of a question that was interrupted
        scope.Prompt("", isPassword: false);
        return answers.Take();
    }

    /// <inheritdoc/>
    public override int Read() => -1;

    /// <inheritdoc/>
    public override int Peek() => -1;
}
