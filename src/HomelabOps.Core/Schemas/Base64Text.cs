using System.Text.RegularExpressions;

namespace HomelabOps.Core.Schemas;

/// <summary>Base64 as an API server reads it: line ends within it are passed over, blanks are not.</summary>
internal static partial class Base64Text
{
    /// <summary>How many bytes a text stands for; null for what is no base64.</summary>
    public static int? LengthOf(string text)
    {
        var characters = text.Length - text.AsSpan().Count('\r') - text.AsSpan().Count('\n');
        if (characters % 4 != 0 || !Form().IsMatch(text))
        {
            return null;
        }

        return (characters / 4 * 3) - text.AsSpan().Count('=');
    }

    [GeneratedRegex(@"^[A-Za-z0-9+/\r\n]*(=[\r\n]*){0,2}\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Form();
}
