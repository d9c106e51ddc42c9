using HomelabOps.Core.Delivery;

namespace HomelabOps.Core.Tests.Delivery;

/// <summary>What is said of a change before it is made.</summary>
public sealed class ChangePlanTests
{
    [Fact]
    public void What_goes_is_listed_and_of_what_is_taken_along_claims_and_volumes_come_first()
    {
        var plan = new ChangePlan { Change = new GitOpsChange(), Kustomizations = [], Pruned = [Of("Kustomization", "sonarr"), Of("ConfigMap", "a")] };
        Assert.Equal("Kustomization/media/sonarr, ConfigMap/media/a", plan.Losses);

        plan = plan with { Taken = [Of("Service", "sonarr"), Of("Deployment", "sonarr"), Of("PersistentVolumeClaim", "config"), Of("Service", "other"), Of("HelmRelease", "notes"), new("home", "PersistentVolume", "", "pv-sonarr")] };
        Assert.Contains(" namespaces: PersistentVolumeClaim/media/config, HelmRelease/media/notes, PersistentVolume/pv-sonarr, Service (2), Deployment (1). ", plan.Losses, StringComparison.Ordinal);
        Assert.StartsWith("Kustomization/media/sonarr, ConfigMap/media/a. ", plan.Losses, StringComparison.Ordinal);
    }

    private static ResourceReference Of(string kind, string name) => new("home", kind, "media", name);
}
