using HomelabOps.Core.Operations;
using HomelabOps.Core.Operations.Record;

namespace HomelabOps.Core.Tests.Operations;

/// <summary>What is said of operations, and of files of theirs that are of no use any more.</summary>
public sealed class OperationTextTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("homelabops-store-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(OperationStatus.Undone, true)]
    [InlineData(OperationStatus.Completed, true)]
    [InlineData(OperationStatus.Failed, false)]
    public void A_damaged_file_stops_others_only_where_it_could_be_open(OperationStatus status, bool passes)
    {
        var (store, record) = (new OperationStore(_folder), Record("Stop"));
        record.Status = status;
        store.Save(record);
        var file = Directory.EnumerateFiles(_folder, "*.json").Single();
        File.WriteAllText(file, File.ReadAllText(file)[..^10]);
        var error = Xunit.Record.Exception(() => OperationQuery.FindOpen(store, _ => true, new() { Name = "sonarr" }));
        Assert.Equal(passes ? null : "OperationUnreadable", (error as HomelabException)?.Id);

        // What it has silenced is asked for later, unless it was taken back.
        error = Xunit.Record.Exception(() => OperationQuery.FindHalted(store, _ => true));
        Assert.Equal(status == OperationStatus.Undone ? null : "OperationUnreadable", (error as HomelabException)?.Id);
    }

    [Fact]
    public void Only_what_there_is_to_take_back_is_announced()
    {
        var record = Record("Stop", "Silence");
        (record.Commit, record.WasInGit) = ("0123456789abcdef", true);
        var text = UndoText.Of(record);
        Assert.DoesNotContain("01234567", text, StringComparison.Ordinal);
        Assert.Contains("media/sonarr are started on 'k3s-w1'", text, StringComparison.Ordinal);
        Assert.Null(record.ToOperation(isHeld: false).Commit);

        record.WasInGit = false;
        Assert.Contains("commit 01234567", UndoText.Of(record), StringComparison.Ordinal);
        Assert.DoesNotContain("commit", UndoText.Of(Record("Fence")), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_deleted_and_who_takes_pods_again_is_announced_too()
    {
        var record = Record("GiveUp", "SetAside");
        (record.Commit, record.ReplicationCommit, record.Local) = ("0123456789abcdef", "fedcba9876543210", true);
        Assert.DoesNotContain("deleted", UndoText.Of(record), StringComparison.Ordinal);
        record.Apps[0].Replaced.Add("/data/pods/sonarr");
        record.Suspended.Add(new() { Kind = "Kustomization", Namespace = "flux-system", Name = "apps" });
        record.Cordon = new() { Reason = "upgrade" };
        Assert.All(
            ["01234567, which was not pushed, is forgotten", "fedcba98 is reverted", "on 'k3s-w2' is put back there, and what has come there since is deleted", "Kustomization/flux-system/apps are resumed", "'k3s-w1' takes pods again", "'k3s-w2' is cordoned again"],
            words => Assert.Contains(words, UndoText.Of(record), StringComparison.Ordinal));
    }

    [Fact]
    public void Who_reads_of_a_failure_learns_how_things_stand()
    {
        var record = Record("Stop", "Silence", "Commit");
        var text = OperationHalfway.Describe(record, isMoved: false);
        Assert.Contains("media/sonarr do not run", text, StringComparison.Ordinal);
        Assert.Contains("silent", text, StringComparison.Ordinal);
        Assert.Empty(OperationHalfway.Describe(record, isMoved: true));

        var fence = Record("Fence");
        fence.Steps[0].Status = OperationStepStatus.Failed;
        Assert.Contains("another -Fence", OperationHalfway.Describe(fence, isMoved: false), StringComparison.Ordinal);
    }

    private static OperationRecord Record(params string[] begun) => new()
    {
        Id = "one",
        Kind = OperationKind.PlannedFailover,
        From = "k3s-w1",
        To = "k3s-w2",
        Apps = [new() { Kind = "Deployment", Namespace = "media", Name = "sonarr" }],
        Steps = [.. begun.Select(name => new OperationStepRecord { Name = name, Status = OperationStepStatus.Completed })],
    };
}
