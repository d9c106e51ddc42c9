using HomelabOps.Core.Applications.Edits;
using HomelabOps.Core.Schemas;
using HomelabOps.Core.Tests.GitOps.Effective;

namespace HomelabOps.Core.Tests.Schemas;

public sealed class WorkloadKindNamesTests
{
    [Theory]
    [InlineData("deploy/sonarr", "Deployment/sonarr")]
    [InlineData("Deploy/sonarr", "Deployment/sonarr")]
    [InlineData("deployment/sonarr", "Deployment/sonarr")]
    [InlineData("deployments/media/son*", "Deployment/media/son*")]
    [InlineData("STS/database/postgres", "StatefulSet/database/postgres")]
    [InlineData("cj/nightly", "CronJob/nightly")]
    [InlineData("Deployment/media/sonarr", "Deployment/media/sonarr")]
    [InlineData("HelmRelease/sonarr", "HelmRelease/sonarr")]
    [InlineData("media/sonarr", "media/sonarr")]
    [InlineData("sonarr", "sonarr")]
    public void Kinds_are_taken_as_kubectl_has_them(string typed, string meant) => Assert.Equal(meant, WorkloadKindNames.Spell(new(typed)).Text);

    [Theory]
    [InlineData("deploy/sonarr")]
    [InlineData("deployment/sonarr")]
    [InlineData("deployment/media/sonarr")]
    public void An_application_of_a_repository_is_found_by_them(string typed) =>
        Assert.Contains("replicas: 2", new AppRepository().Edited(new SetReplicasEdit(new AppTarget { App = new(typed) }, 2)), StringComparison.Ordinal);
}
