using HomelabOps.Core.Diagnosis.Checks;
using HomelabOps.Core.Diagnosis.Snapshot;
using HomelabOps.Core.Diagnosis.Wire;

namespace HomelabOps.Core.Tests.Diagnosis.Checks;

/// <summary>Operations that were left half way.</summary>
public sealed class OperationCheckTests
{
    [Theory]
    [InlineData(OperationStatus.Interrupted, 0, "Error OperationOpen Deployment/media/sonarr")]
    [InlineData(OperationStatus.Failed, 1, "Warning OperationOpen Deployment/media/sonarr")]
    [InlineData(OperationStatus.AwaitingPush, 1, "Warning OperationAwaitsPush Deployment/media/sonarr")]
    public void Each_of_its_applications_is_told_and_worse_where_it_is_stopped(OperationStatus status, int replicas, string expected) =>
        Assert.Equal([expected], new OperationCheck().Findings(Snapshot(status, replicas)));

    [Fact]
    public void The_text_names_the_operation_and_what_goes_on_with_it()
    {
        var finding = Assert.Single(new OperationCheck().Check(Snapshot(OperationStatus.Interrupted, 0))).Finding;
        Assert.Contains("20261128-1 (PlannedFailover)", finding.Message, StringComparison.Ordinal);
        Assert.Contains("Interrupted at the step Stop", finding.Message, StringComparison.Ordinal);
        Assert.Contains("Resume-HomelabOperation 20261128-1", finding.Remedy, StringComparison.Ordinal);
        Assert.Contains("Undo-HomelabOperation 20261128-1", finding.Remedy, StringComparison.Ordinal);
    }

    private static HomelabSnapshot Snapshot(OperationStatus status, int replicas)
    {
        var app = new ResourceReference(Made.Cluster, "Deployment", "media", "sonarr");
        return new()
        {
            Cluster = Made.Cluster,
            Workloads = [new(app, Made.Of(DiagnosisWireContext.Default.WorkloadWire, $$$"""{"metadata":{"name":"sonarr","namespace":"media"},"spec":{"replicas":{{{replicas}}}} }"""))],
            Operations = [new("20261128-1", OperationKind.PlannedFailover, status, "Stop", [app])],
        };
    }
}
