using HomelabOps.Core.Diagnosis;
using HomelabOps.Core.Diagnosis.Checks;
using HomelabOps.Core.Diagnosis.Snapshot;
using HomelabOps.Core.Diagnosis.Wire;

namespace HomelabOps.Core.Tests.Diagnosis.Checks;

/// <summary>Namespaces that do not come to an end.</summary>
public sealed class NamespaceCheckTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("2026-11-26T11:49:00Z", "Warning NamespaceStuckTerminating Namespace/media")]
    [InlineData("2026-11-26T11:51:00Z", "")]
    [InlineData(null, "")]
    public void One_that_is_being_deleted_for_long_is_told_with_what_is_left_in_it(string? deleted, string expected)
    {
        var snapshot = Snapshot(deleted);
        Assert.Equal(expected.Length == 0 ? [] : [expected], new NamespaceCheck().Findings(snapshot));
        Assert.Equal(expected.Length > 0, new NamespaceCheck().Text(snapshot).Contains("replicationsources.volsync.backube has 1 resource instances", StringComparison.Ordinal));
    }

    [Fact]
    public void What_cannot_be_applied_into_it_comes_from_that()
    {
        var kustomization = new FluxKustomization
        {
            Cluster = Made.Cluster, Kind = "Kustomization", Namespace = "flux-system", Name = "apps", Ready = ConditionStatus.False, Reason = "ReconciliationFailed",
            Message = "Deployment/media/sonarr: unable to create new content in namespace media because it is being terminated",
        };
        var snapshot = new HomelabSnapshot { Cluster = Made.Cluster, Now = Now, Namespaces = Snapshot("2026-11-26T11:00:00Z").Namespaces, Flux = [kustomization] };
        Assert.Equal(["NamespaceStuckTerminating"], HomelabTester.Find(snapshot, new()).Select(finding => finding.Reason));
    }

    private static HomelabSnapshot Snapshot(string? deleted) => new()
    {
        Cluster = Made.Cluster,
        Now = Now,
        Namespaces = [Made.Of(DiagnosisWireContext.Default.NamespaceWire, $$$"""
            {"metadata":{"name":"media"{{{(deleted is null ? "" : $",\"deletionTimestamp\":\"{deleted}\"")}}} },"status":{"phase":"Terminating","conditions":[
             {"type":"NamespaceDeletionDiscoveryFailure","status":"False","message":"All resources successfully discovered"},
             {"type":"NamespaceContentRemaining","status":"True","message":"Some resources are remaining: replicationsources.volsync.backube has 1 resource instances"}]} }
            """)],
    };
}
