using HomelabOps.Core.GitOps.Commits;
using HomelabOps.Core.GitOps.Kustomize;

namespace HomelabOps.Core.Tests.GitOps.Commits;

/// <summary>Several edits of different files as one.</summary>
internal sealed class SeveralEdits(params IRepositoryEdit[] edits) : IRepositoryEdit
{
    public string Message => edits[0].Message;

    public IReadOnlyList<FileChange> Apply(IBuildFiles files) => [.. edits.SelectMany(edit => edit.Apply(files))];
}
