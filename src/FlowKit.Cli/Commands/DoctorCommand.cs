using System.CommandLine;

namespace FlowKit.Cli;

/// <summary>The command <c>flowkit doctor</c>.</summary>
internal static class DoctorCommand
{
    private const string Description = """
        Says what FlowKit finds on this machine: libtorch and where it comes from, devices, threads, the processor.

        On each device it computes a product, a gradient and a determinant.
        FLOWKIT_LIBTORCH=FOLDER takes libtorch, CUDA included, from an installed PyTorch's torch/lib (x64 Linux).
        FLOWKIT_MKL=full lets libtorch's MKL use AVX-512 on processors of AMD (x64 Linux; undocumented by MKL).

        Examples:
          flowkit doctor
          FLOWKIT_LIBTORCH=/usr/lib/python3/dist-packages/torch/lib flowkit doctor

        Exit code: 0 everything works, 1 something does not, 2 wrong command line.
        """;

    /// <summary>The command, ready to be parsed.</summary>
    public static Command Create(CommandHost host)
    {
        var command = new Command("doctor", Description);
        command.SetAction(_ => new DoctorAction(host).Run(RuntimeReport.Read()));
        return command;
    }
}
