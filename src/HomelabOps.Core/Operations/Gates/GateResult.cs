using System.Runtime.InteropServices;

namespace HomelabOps.Core.Operations.Gates;

/// <summary>What a gate found.</summary>
/// <param name="Passed">It holds.</param>
/// <param name="Message">What was found.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct GateResult(bool Passed, string Message)
{
    /// <summary>It holds; the text is that of a key.</summary>
    public static GateResult Pass(string key, params ReadOnlySpan<object?> arguments) => new(true, Errors.Text(key, arguments));

    /// <summary>It does not hold; the text is that of a key.</summary>
    public static GateResult Fail(string key, params ReadOnlySpan<object?> arguments) => new(false, Errors.Text(key, arguments));
}
