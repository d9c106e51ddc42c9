using System.Globalization;

namespace HomelabOps.Core.Diagnosis.Pods;

/// <summary>What the code means that a container ended with.</summary>
internal static class ExitCodes
{
    private const int Signals = 128;

    /// <summary>The code with its meaning.</summary>
    public static string Describe(int code, int? signal) => code switch
    {
        0 => Errors.Text("Exit_Zero"),
        126 => Errors.Text("Exit_NotExecutable"),
        127 => Errors.Text("Exit_NotFound"),
        139 => Errors.Text("Exit_Segmentation"),
        137 => Errors.Text("Exit_Killed"),
        143 => Errors.Text("Exit_Terminated"),
        > 0 and < 126 => Errors.Text("Exit_Error", code),
        > Signals and < 2 * Signals => Errors.Text("Exit_Signal", code, signal ?? (code - Signals)),
        _ => code.ToString(CultureInfo.InvariantCulture),
    };
}
