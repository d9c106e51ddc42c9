namespace HomelabOps.Core.Flux;

/// <summary>What to do about an object of Flux that is not as it ought to be.</summary>
internal static class FluxRemedies
{
    // Reasons of the Ready condition; those of all kinds, since no two mean different things by the same word.
    private static readonly HashSet<string> Known = new(
        [
            "AccessDenied", "ArtifactFailed", "AuthenticationFailed", "BuildFailed", "ChartPullFailed", "DependencyNotReady", "FeatureGateDisabled", "GitOperationFailed",
            "HealthCheckCanceled", "HealthCheckFailed", "InstallFailed", "InvalidCELExpression", "PruneFailed", "ReconciliationFailed", "RetriesExceeded", "RollbackFailed",
            "RollbackSucceeded", "Stale", "Suspended", "TestFailed", "URLInvalid", "UninstallFailed", "UninstallSucceeded", "Unreported", "UpgradeFailed", "VerificationError",
        ],
        StringComparer.Ordinal);

    /// <summary>The remedy by the object's own reason; empty for one that is well or at work.</summary>
    public static string Of(FluxResource resource)
    {
        if (resource.Healthy || (resource is { Ready: ConditionStatus.Unknown, Suspended: false } && resource.Reason != "Unreported"))
        {
            return "";
        }

        // A controller that gave up says so in a condition of its own, beside the reason of the last failure.
        var isStalled = !resource.Suspended && resource.Conditions.Any(condition => condition is { Type: "Stalled", Status: ConditionStatus.True, Reason: "RetriesExceeded" });
        var reason = isStalled ? "RetriesExceeded" : resource.Reason;
        return Errors.Text(Known.Contains(reason) ? $"Remedy_{reason}" : "Remedy_Other", resource.Reference, resource.Source, resource.Path);
    }

    /// <summary>The remedy of an object that waits for one that does not exist.</summary>
    public static string OfAbsent(ResourceReference absent, ResourceReference namedBy) => Errors.Text("Remedy_BlockedAbsent", absent, namedBy);

    /// <summary>The remedy of objects that wait for each other.</summary>
    public static string OfCircle(IEnumerable<ResourceReference> circle) => Errors.Text("Remedy_BlockedCircle", string.Join(" > ", circle));

    /// <summary>The remedy of an object that waits for another one.</summary>
    public static string OfBlocked(ResourceReference rootCause) => Errors.Text("Remedy_Blocked", rootCause);
}
