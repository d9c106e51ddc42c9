namespace HomelabOps.Core;

/// <summary>A number with its noun.</summary>
internal static class Counted
{
    /// <summary><c>1 object</c>, <c>2 objects</c>.</summary>
    /// <param name="number">How many.</param>
    /// <param name="noun">The noun in the singular, of those that take an s.</param>
    public static string Of(int number, string noun) => number == 1 ? $"1 {noun}" : $"{number} {noun}s";
}
