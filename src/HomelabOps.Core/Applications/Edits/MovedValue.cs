using HomelabOps.Core.GitOps.Effective;

namespace HomelabOps.Core.Applications.Edits;

/// <summary>A scalar that another value takes the place of.</summary>
/// <param name="Scalar">The scalar.</param>
/// <param name="Old">What it means now, with what Helm puts in.</param>
/// <param name="New">What it should mean.</param>
/// <param name="What">What it is, for errors.</param>
internal sealed record MovedValue(FieldScalar Scalar, string Old, string New, string What)
{
    /// <summary>
    /// The text of a place with its end in the place of the old value's end, so that variables and templates before it stay:
    /// <c>${APP}</c> becomes <c>${APP}-backup</c>. Null where the old value ends otherwise than the text.
    /// </summary>
    public string? Spliced(string text)
    {
        var same = Old.AsSpan().CommonPrefixLength(New);
        return text != Old && text.EndsWith(Old[same..], StringComparison.Ordinal) ? text[..^(Old.Length - same)] + New[same..] : null;
    }
}
