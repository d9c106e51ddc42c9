using HomelabOps.Core.Flux;
using HomelabOps.Core.Kubernetes.Discovery;

namespace HomelabOps.Core.Tests.Flux;

public sealed class FluxKindNamesTests
{
    // The second as an old definition has it.
    private static readonly ServedResource[] Served =
    [
        new() { Group = FluxKind.KustomizeGroup, Version = "v1", Kind = "Kustomization", Plural = "kustomizations", Singular = "kustomization", ShortNames = ["ks"] },
        new() { Group = FluxKind.HelmGroup, Version = "v2", Kind = "HelmRelease", Plural = "helmreleases" },
        new() { Group = FluxKind.ImageGroup, Version = "v1", Kind = "ImagePolicy", Plural = "imagepolicies", Singular = "imagepolicy" },
    ];

    [Theory]
    [InlineData("ks/apps", "Kustomization", null, "apps")]
    [InlineData("KS/apps", "Kustomization", null, "apps")]
    [InlineData("kustomization/a*", "Kustomization", null, "a*")]
    [InlineData("kustomizations/flux-system/apps", "Kustomization", "flux-system", "apps")]
    [InlineData("kustomizations.kustomize.toolkit.fluxcd.io/apps", "Kustomization", null, "apps")]
    [InlineData("hr/media/sonarr", "HelmRelease", "media", "sonarr")]
    [InlineData("imagepolicies/web", "ImagePolicy", null, "web")]
    [InlineData("gitrepo/flux-system", "GitRepository", null, "flux-system")]
    [InlineData("media/apps", null, "media", "apps")]
    [InlineData("apps", null, null, "apps")]
    [InlineData("ks", null, null, "ks")]
    [InlineData("*/ks/apps", "*", "ks", "apps")]
    [InlineData("deploy/media/sonarr", "deploy", "media", "sonarr")]
    public void What_is_typed_in_front_of_a_name_is_a_kind_when_one_is_called_so(string typed, string? kind, string? @namespace, string name)
    {
        var spelt = FluxKindNames.Spell(new ResourcePattern(typed), Served);
        Assert.Equal((kind, @namespace, name), (spelt.Kind, spelt.Namespace, spelt.Name));
    }

    [Fact]
    public void A_reference_stays_as_it_is()
    {
        var reference = new ResourcePattern(new ResourceReference("home", "HelmRelease", "ks", "apps"));
        Assert.Same(reference, FluxKindNames.Spell(reference, Served));
    }

    [Fact]
    public void Kinds_of_a_query_are_spelt_as_well() =>
        Assert.Equal(["Kustomization", "Image*", "Nonsense"], FluxKindNames.Spell(new FluxQuery { Kinds = ["ks", "Image*", "Nonsense"] }, Served).Kinds);
}
