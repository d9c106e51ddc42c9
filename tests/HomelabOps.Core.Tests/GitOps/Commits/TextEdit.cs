using System.Text;
using HomelabOps.Core.GitOps.Commits;
using HomelabOps.Core.GitOps.Kustomize;

namespace HomelabOps.Core.Tests.GitOps.Commits;

/// <summary>Changes the text of one file.</summary>
internal sealed class TextEdit(string path, Func<string?, string?> change) : IRepositoryEdit
{
    public string Message => $"Change {Path.GetFileName(path)}";

    public IReadOnlyList<FileChange> Apply(IBuildFiles files)
    {
        var before = files.Resolve("/" + path) is { } found ? files.Read(found) : null;
        var after = change(before is null ? null : Encoding.UTF8.GetString(before)) is { } text ? Encoding.UTF8.GetBytes(text) : null;
        return (before, after) is (null, null) || (before is not null && after is not null && before.AsSpan().SequenceEqual(after)) ? [] : [new(path, before, after)];
    }

    /// <summary>Puts a line at the end of a file.</summary>
    public static TextEdit Append(string path, string line) => new(path, text => $"{text}{line}\n");

    /// <summary>Replaces a part of a file.</summary>
    public static TextEdit Replace(string path, string old, string @new) => new(path, text => text!.Replace(old, @new, StringComparison.Ordinal));
}
