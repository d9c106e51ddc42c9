using HomelabOps.Core.Flux.Reconciling;
using HomelabOps.Core.Flux.Wire;
using HomelabOps.Core.Kubernetes.Wire;

namespace HomelabOps.Core.Tests.Flux.Reconciling;

public sealed class ReconcileAttemptTests
{
    [Fact]
    public void Nothing_counts_before_the_controller_has_answered_this_request()
    {
        Assert.Equal(AttemptState.Waiting, State(Wire("another", Ready("True", "ReconciliationSucceeded"))));
        Assert.Equal(AttemptState.Waiting, State(Wire(null, Ready("False", "BuildFailed"))));
    }

    [Fact]
    public void A_failure_is_one_although_its_generation_is_old_and_it_will_be_retried() => Assert.Equal(
        AttemptState.Failed,
        State(Wire("token", Ready("False", "BuildFailed", 1), new() { Type = "Reconciling", Status = "True", Reason = "ProgressingWithRetry" })));

    [Fact]
    public void Who_waits_for_a_dependency_has_not_failed() =>
        Assert.Equal(AttemptState.Blocked, State(Wire("token", Ready("False", "DependencyNotReady"), new() { Type = "Reconciling", Status = "True", Reason = "ProgressingWithRetry" })));

    [Fact]
    public void Who_is_at_work_has_neither_failed_nor_succeeded()
    {
        Assert.Equal(AttemptState.Waiting, State(Wire("token", Ready("False", "HealthCheckFailed"), new() { Type = "Reconciling", Status = "True", Reason = "Progressing" })));
        Assert.Equal(AttemptState.Waiting, State(Wire("token", Ready("Unknown", "Progressing"))));
        Assert.Equal(AttemptState.Waiting, State(Wire("token")));
    }

    [Fact]
    public void A_success_of_an_old_generation_is_none()
    {
        Assert.Equal(AttemptState.Waiting, State(Wire("token", Ready("True", "ReconciliationSucceeded", 1))));
        Assert.Equal(AttemptState.Succeeded, State(Wire("token", Ready("True", "ReconciliationSucceeded", 2))));
    }

    [Fact]
    public void Stalled_is_a_failure_whatever_else_is_said() => Assert.Equal(
        AttemptState.Failed,
        State(Wire("token", Ready("Unknown", "Progressing"), new() { Type = "Stalled", Status = "True", Reason = "InvalidCELExpression" })));

    private static AttemptState State(FluxWire wire) => ReconcileAttempt.Of(wire, "token");

    private static ConditionWire Ready(string status, string reason, long generation = 2) => new() { Type = "Ready", Status = status, Reason = reason, ObservedGeneration = generation };

    private static KustomizationWire Wire(string? token, params ConditionWire[] conditions) => new()
    {
        Metadata = new() { Name = "apps", Generation = 2 },
        Status = new() { LastHandledReconcileAt = token, Conditions = [.. conditions] },
    };
}
