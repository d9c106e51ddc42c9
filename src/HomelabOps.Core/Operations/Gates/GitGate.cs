using HomelabOps.Core.Operations.Planning;

namespace HomelabOps.Core.Operations.Gates;

/// <summary>Git is reached, the working copy is in order, and it is known where claim and node of the application are defined.</summary>
internal sealed class GitGate : IFailoverGate
{
    public string Name => "Git";

    public GateResult Check(FailoverCase item, FailoverFacts facts) => facts.Changes.GetValueOrDefault(item.App.Reference) switch
    {
        { Failure: { } failure } => new(false, failure.Message),
        { Change: { Files.Count: > 0 } change } => GateResult.Pass("Detail_GateGitFiles", string.Join(", ", change.Files), change.Branch),
        { Change: not null } => GateResult.Pass("Detail_GateGitDone"),
        _ => GateResult.Fail("Detail_GateGitUnknown"),
    };
}
