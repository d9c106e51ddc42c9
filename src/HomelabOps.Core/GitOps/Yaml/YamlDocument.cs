namespace HomelabOps.Core.GitOps.Yaml;

/// <summary>A document and its place in the file, counted from 0.</summary>
internal readonly record struct YamlDocument(int Index, YamlNode Root)
{
    /// <summary>Nothing but comments, or a bare null.</summary>
    public bool IsEmpty => Root is { IsPlain: true, Text: "" or "~" or "null" or "Null" or "NULL" };
}
