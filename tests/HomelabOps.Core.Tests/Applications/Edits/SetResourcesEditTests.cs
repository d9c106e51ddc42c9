using HomelabOps.Core.Applications.Edits;
using HomelabOps.Core.Tests.GitOps.Effective;

namespace HomelabOps.Core.Tests.Applications.Edits;

/// <summary>Requests and limits are changed where they are defined, and added where a person would.</summary>
public sealed class SetResourcesEditTests
{
    [Fact]
    public void What_is_there_is_changed()
    {
        var edit = Edit(("requests.cpu", "200m"), ("limits.memory", "1Gi"));
        Assert.Equal("Set cpu request 200m, memory limit 1Gi of sonarr", edit.Message);
        Assert.Equal("apps/sonarr/app.yaml - cpu: 100m\napps/sonarr/app.yaml - memory: 512Mi\napps/sonarr/app.yaml + cpu: 200m\napps/sonarr/app.yaml + memory: 1Gi", new AppRepository().Edited(edit));
    }

    [Theory]
    [InlineData("\"1\"", "\"2\"")]
    [InlineData("'1'", "'2'")]
    [InlineData("1", "2")]
    [InlineData("100m", "2")]
    public void Quotes_stay_as_they_are(string before, string after)
    {
        var repository = new AppRepository().Replacing("apps/sonarr/app.yaml", "cpu: 100m", $"cpu: {before}");
        Assert.Equal($"apps/sonarr/app.yaml - cpu: {before}\napps/sonarr/app.yaml + cpu: {after}", repository.Edited(Edit(("requests.cpu", "2"))));
    }

    [Fact]
    public void What_is_missing_is_added_beside_its_like()
    {
        var repository = new AppRepository();
        Assert.Equal("apps/sonarr/app.yaml + memory: 128Mi\napps/sonarr/app.yaml + cpu: 2", repository.Edited(Edit(("requests.memory", "128Mi"), ("limits.cpu", "2"))));
        Assert.Contains("requests:\n              cpu: 100m\n              memory: 128Mi\n            limits:\n              cpu: 2\n              memory: 512Mi\n", repository.Text("apps/sonarr/app.yaml"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_container_without_any_gets_all()
    {
        var repository = new AppRepository();
        Assert.Equal("apps/sonarr/app.yaml + resources:\napps/sonarr/app.yaml + requests:\napps/sonarr/app.yaml + memory: 64Mi", repository.Edited(new SetResourcesEdit(Target, Amounts(("requests.memory", "64Mi")), "sidecar")));
        Assert.Contains("image: ghcr.io/example/sidecar:1.0@sha256:0123\n          resources:\n            requests:\n              memory: 64Mi\n", repository.Text("apps/sonarr/app.yaml"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_patch_that_has_resources_gets_more_of_them()
    {
        var repository = new AppRepository().Replacing("apps/sonarr/app.yaml", "          resources:\n            requests:\n              cpu: 100m\n            limits:\n              memory: 512Mi\n", "")
            .Adding("apps/kustomization.yaml", "patches:\n  - patch: |-\n      apiVersion: apps/v1\n      kind: Deployment\n      metadata: {name: sonarr, namespace: media}\n      spec:\n        template:\n          spec:\n            containers:\n              - name: sonarr\n                resources:\n                  limits:\n                    memory: 2Gi\n");
        Assert.Equal("apps/kustomization.yaml - memory: 2Gi\napps/kustomization.yaml + memory: 3Gi", repository.Edited(Edit(("limits.memory", "3Gi"))));
        Assert.Equal("apps/kustomization.yaml + requests:\napps/kustomization.yaml + cpu: 1", repository.Edited(Edit(("requests.cpu", "1"))));
    }

    [Fact]
    public void In_the_values_of_a_release()
    {
        var repository = new AppRepository(AppRepository.Release);
        Assert.Equal("apps/sonarr/app.yaml - memory: 4Gi\napps/sonarr/app.yaml + requests:\napps/sonarr/app.yaml + cpu: 50m\napps/sonarr/app.yaml + memory: 5Gi", repository.Edited(Edit(("limits.memory", "5Gi"), ("requests.cpu", "50m"))));
        var bare = new AppRepository(AppRepository.Release).Replacing("apps/sonarr/app.yaml", "            resources:\n              limits:\n                memory: 4Gi\n", "");
        Assert.Equal("apps/sonarr/app.yaml + resources:\napps/sonarr/app.yaml + limits:\napps/sonarr/app.yaml + memory: 5Gi", bare.Edited(Edit(("limits.memory", "5Gi"))));
    }

    [Theory]
    [InlineData("limits.memory", "1 GB", "QuantityInvalid")]
    [InlineData("limits.memory", "-1Gi", "QuantityInvalid")]
    [InlineData("limits.memory", "", "QuantityInvalid")]
    [InlineData("requests.cpu", "100x", "QuantityInvalid")]
    public void What_is_no_quantity_is_refused_at_once(string name, string amount, string id) => Assert.Equal(id, Assert.Throws<HomelabException>(() => Edit((name, amount))).Id);

    [Fact]
    public void A_limit_below_its_request_is_refused() =>
        Assert.Equal("ResourceLimitTooLow", Assert.Throws<HomelabException>(() => Edit(("limits.cpu", "50m")).Apply(new AppRepository().Files)).Id);

    private static AppTarget Target => new() { App = new("sonarr") };

    private static Dictionary<string, string> Amounts(params (string Name, string Amount)[] amounts) => amounts.ToDictionary(amount => amount.Name, amount => amount.Amount, StringComparer.Ordinal);

    private static SetResourcesEdit Edit(params (string Name, string Amount)[] amounts) => new(Target, Amounts(amounts));
}
