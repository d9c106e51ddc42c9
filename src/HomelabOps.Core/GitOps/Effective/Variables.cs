using System.Text.RegularExpressions;

namespace HomelabOps.Core.GitOps.Effective;

/// <summary>Reads the variables of postBuild in a text.</summary>
internal static partial class Variables
{
    /// <summary>An expression; its default where it has one.</summary>
    [GeneratedRegex(@"\$\{(?<name>[A-Za-z_][A-Za-z0-9_]*)((?<operator>:?[=-])(?<default>[^}]*)|[^}]*)\}", RegexOptions.ExplicitCapture, 1000)]
    public static partial Regex Pattern();

    /// <summary>The names in a text, each once.</summary>
    public static IEnumerable<string> Names(string text) => Pattern().Matches(text).Select(match => match.Groups["name"].Value).Distinct(StringComparer.Ordinal);

    /// <summary>The default of a variable in a text; null where it has none.</summary>
    public static string? Default(string text, string name) =>
        Pattern().Matches(text).FirstOrDefault(match => match.Groups["name"].Value == name && match.Groups["default"].Success)?.Groups["default"].Value;

    /// <summary>The text with another default of a variable.</summary>
    public static string WithDefault(string text, string name, string value) => Pattern().Replace(text, match =>
        match.Groups["name"].Value == name && match.Groups["default"].Success ? $"${{{name}{match.Groups["operator"].Value}{value}}}" : match.Value);
}
