using HomelabOps.Core.Flux;
using HomelabOps.Core.GitOps.Git;
using HomelabOps.Core.Operations.Planning;

namespace HomelabOps.Core.Operations.Gates;

/// <summary>
/// Git is reached, the working copy is in order and on the branch that the cluster gets, and it is known where claim and node of the
/// application are defined. Nothing overrides this: the commit would fail in the same way, with the application stopped.
/// </summary>
internal sealed class GitGate : IFailoverGate
{
    private static readonly string[] Unreached = [nameof(Errors.GitRemoteUnreachable), nameof(Errors.GitRemoteNotFound), nameof(Errors.GitAuthenticationFailed), nameof(Errors.GitHostUntrusted)];

    public string Name => "Git";

    public bool CanBeOverridden(FailoverCase item, FailoverFacts facts) => false;

    public GateResult Check(FailoverCase item, FailoverFacts facts)
    {
        var (change, failure) = facts.Changes.GetValueOrDefault(item.App.Reference);
        var (branch, followed) = (change?.Branch ?? facts.Branch, FollowedBy(item, facts));
        if (SourceOf(item, facts) is FluxSource { StaysAt.Length: > 0 } fixedSource)
        {
            return GateResult.Fail("Detail_GateGitFixed", fixedSource.Reference, fixedSource.StaysAt);
        }

        if (followed.Name.Length > 0 && branch.Length > 0 && branch != followed.Name)
        {
            return GateResult.Fail("Detail_GateGitBranch", branch, followed.Source, followed.Name);
        }

        return (change, failure) switch
        {
            (_, { } found) when Unreached.Contains(found.Id) && facts.Kind != OperationKind.Failback => GateResult.Fail("Detail_GateGitUnreached", found.Message),
            (_, { } found) => new(false, found.Message),
            ({ Files.Count: > 0 }, _) => GateResult.Pass("Detail_GateGitFiles", string.Join(", ", change.Files), change.Branch),
            (not null, _) => GateResult.Pass("Detail_GateGitDone"),
            _ => GateResult.Fail("Detail_GateGitUnknown"),
        };
    }

    private static FluxResource? SourceOf(FailoverCase item, FailoverFacts facts) => facts.Flux.GetValueOrDefault(item.App.Reference).Chain?.FirstOrDefault(resource => resource.Kind == FluxKind.GitRepository);

    // A source that has fetched nothing yet does not say it.
    private static (ResourceReference? Source, string Name) FollowedBy(FailoverCase item, FailoverFacts facts)
    {
        var source = SourceOf(item, facts);
        var name = source?.Revision is { } revision && revision.LastIndexOf('@') is > 0 and var end ? revision[..end] : "";
        return (source?.Reference, BranchName.Of(name) ?? name);
    }
}
