using HomelabOps.Core.GitOps.Commits;
using HomelabOps.Core.GitOps.Kustomize;

namespace HomelabOps.Core.Tests.GitOps.Commits;

/// <summary>Writes one file, whatever is there.</summary>
internal sealed class FixedEdit(string path) : IRepositoryEdit
{
    public string Message => "Write a file";

    public IReadOnlyList<FileChange> Apply(IBuildFiles files) => [new(path, null, "a: 1\n"u8.ToArray())];
}
