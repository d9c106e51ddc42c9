using System.Globalization;

namespace HomelabOps.Core.Diagnosis.Pods;

/// <summary>What the code means that a container ended with.</summary>
internal static class ExitCodes
{
    /// <summary>Ended by SIGKILL.</summary>
    public const int Killed = 137;

    /// <summary>Ended by SIGTERM.</summary>
    public const int Terminated = 143;

    private const int Signals = 128;
    private const int LastSignal = 64;

    /// <summary>The code with its meaning.</summary>
    public static string Describe(int code, int? signal) => code switch
    {
        0 => Errors.Text("Exit_Zero"),
        126 => Errors.Text("Exit_NotExecutable"),
        127 => Errors.Text("Exit_NotFound"),
        139 => Errors.Text("Exit_Segmentation"),
        Killed => Errors.Text("Exit_Killed"),
        Terminated => Errors.Text("Exit_Terminated"),
        255 => Errors.Text("Exit_Unknown"),
        > 0 and < 126 => Errors.Text("Exit_Error", code),
        > Signals and <= Signals + LastSignal => Errors.Text("Exit_Signal", code, signal ?? (code - Signals)),
        _ => code.ToString(CultureInfo.InvariantCulture),
    };
}
