namespace HomelabOps.Core.GitOps.Editing;

/// <summary>A key of a mapping and its value.</summary>
internal sealed record SyntaxEntry(SyntaxNode Key, SyntaxNode Value)
{
    /// <summary>It takes over the keys of other mappings.</summary>
    public bool IsMerge => Key is { Text: "<<", Style: YamlDotNet.Core.ScalarStyle.Plain, Tag: null };
}
