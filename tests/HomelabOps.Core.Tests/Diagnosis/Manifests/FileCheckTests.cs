namespace HomelabOps.Core.Tests.Diagnosis.Manifests;

/// <summary>What is wrong with files and with what leads to them.</summary>
public sealed class FileCheckTests
{
    [Fact]
    public void A_cluster_that_is_well_has_no_finding() => Assert.Empty(new Checked().Findings());

    [Theory]
    [InlineData("a: [\n", "Error YamlInvalid apps/extra.yaml:1:4")]
    [InlineData("a:\n\tb: c\n", "Error TabIndentation apps/extra.yaml:2:1")]
    [InlineData("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: media}\ndata:\n  a: 1\n  b: '2'\n  a: '3'\n", "Error KeyRepeated apps/extra.yaml:7:3")]
    [InlineData("a: 'b\n", "Error YamlInvalid apps/extra.yaml:1:4")]
    public void Text_that_is_no_manifest_is_told_with_its_place(string text, string expected) => Assert.Equal(expected, new Checked().WithApp(text).Only());

    [Fact]
    public void A_key_that_a_kustomization_file_has_twice_is_a_warning() =>
        Assert.Equal("Warning KeyRepeated apps/kustomization.yaml:2:1", new Checked().With("apps/kustomization.yaml", "resources: [gone.yaml]\nresources: [namespace.yaml, app.yaml]\n").Findings().Where(finding => finding.Reason == "KeyRepeated").Select(finding => $"{finding.Severity} {finding.Reason} {finding.Place}").Single());

    [Theory]
    [InlineData("resources: [namespace.yaml, app.yaml]\ncomponents:\n  - ../none\n", "3:5")]
    [InlineData("resources: [namespace.yaml, app.yaml, none.yaml]\n", "1:39")]
    [InlineData("resources: [namespace.yaml, app.yaml]\npatches:\n  - path: none.yaml\n", "3:11")]
    [InlineData("resources: [namespace.yaml, app.yaml]\nconfigurations: [none.yaml]\n", "2:18")]
    [InlineData("resources: [namespace.yaml, app.yaml]\nconfigMapGenerator:\n  - name: a\n    files: [x=none.ini]\n", "4:13")]
    public void A_missing_file_is_told_once_with_the_entry_and_who_is_stopped(string kustomization, string place)
    {
        var finding = Assert.Single(new Checked().With("apps/kustomization.yaml", kustomization).Findings());
        Assert.Equal($"Error FileMissing apps/kustomization.yaml:{place}", $"{finding.Severity} {finding.Reason} {finding.Place}");
        Assert.Equal(["Kustomization/flux-system/apps"], finding.Evidence);
    }

    [Theory]
    [InlineData("apps/forgotten.yaml")]
    [InlineData("apps/below/forgotten.yaml")]
    public void A_manifest_that_nothing_names_is_told(string path)
    {
        var finding = Assert.Single(new Checked().With(path, Checked.Map("forgotten")).Findings());
        Assert.Equal($"Warning FileUnreferenced {path}:1:1", $"{finding.Severity} {finding.Reason} {finding.Place}");
        Assert.Contains("apps/kustomization.yaml", finding.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void A_kustomization_that_nothing_names_is_told_once()
    {
        var findings = new Checked().With("apps/radarr/kustomization.yaml", "resources: [a.yaml, b.yaml]\n").With("apps/radarr/a.yaml", Checked.Map("a")).With("apps/radarr/b.yaml", Checked.Map("b"));
        Assert.Equal("Warning FolderUnreferenced apps/radarr/kustomization.yaml:1", findings.Only());
    }

    [Theory]
    [InlineData("elsewhere/by-hand.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n")]
    [InlineData("apps/values.yaml", "replicas: 1\n")]
    [InlineData("apps/.sops.yaml", "creation_rules: []\n")]
    [InlineData("cluster/another.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: media}\n")]
    [InlineData("apps/chart/templates/a.yaml", "{{- if .Values.a }}\na: b\n{{- end }}\n")]
    [InlineData("templates/a.yaml", "{% for a in b %}{{ a }}\n{% endfor %}\n")]
    public void What_is_applied_otherwise_or_is_no_manifest_is_no_finding(string path, string text) =>
        Assert.Empty(new Checked().With("apps/chart/Chart.yaml", "name: chart\n").With(path, text).Findings());

    [Fact]
    public void An_entry_that_became_a_comment_was_left_out_on_purpose() => Assert.Empty(new Checked()
        .With("apps/kustomization.yaml", "resources:\n  - namespace.yaml\n  - app.yaml\n  # - ./radarr\n  # - old.yaml\n").With("apps/old.yaml", Checked.Map("old"))
        .With("apps/radarr/kustomization.yaml", "resources: [a.yaml]\n").With("apps/radarr/a.yaml", Checked.Map("a")).Findings());

    [Fact]
    public void Another_grouping_of_what_is_applied_is_no_finding() => Assert.Empty(new Checked()
        .With("apps/kustomization.yaml", "resources: [namespace.yaml, app.yaml, group/a]\n").With("apps/group/a/kustomization.yaml", "resources: [a.yaml]\n")
        .With("apps/group/a/a.yaml", Checked.Map("a")).With("apps/group/kustomization.yaml", "resources: [a]\n").Findings());

    [Theory]
    [InlineData("resource: [a.yaml]\n", "1:1", "'resource'")]
    [InlineData("resources: [namespace.yaml, app.yaml]\nnamePrefix: [a]\n", "2:13", "'namePrefix'")]
    [InlineData("resources: [namespace.yaml, app.yaml]\npatches:\n  - target: {kind: Pod}\n", "3:5", "'patches[0]'")]
    public void What_the_build_refuses_is_told_with_file_and_field(string kustomization, string place, string field)
    {
        var finding = Assert.Single(new Checked().With("apps/kustomization.yaml", kustomization).Findings(), finding => finding.Severity == FindingSeverity.Error);
        Assert.Equal($"BuildFailed apps/kustomization.yaml:{place}", $"{finding.Reason} {finding.Place}");
        Assert.Contains(field, finding.Message, StringComparison.Ordinal);
        Assert.Equal("Kustomization/flux-system/apps", finding.Target!.ToString());
    }

    [Fact]
    public void What_cannot_be_built_here_but_by_Flux_is_only_good_to_know() =>
        Assert.Equal("Info BuildUnsupported apps/kustomization.yaml:1:13", new Checked().With("apps/kustomization.yaml", "resources: ['https://github.com/org/repo//deploy?ref=v1', namespace.yaml, app.yaml]\n").Only());

    [Fact]
    public void Charts_in_a_kustomization_file_are_beyond_Flux() => Assert.Equal(
        "Error BuildFailed apps/kustomization.yaml:2:1", new Checked().With("apps/kustomization.yaml", "resources: [namespace.yaml, app.yaml]\nhelmCharts: [{name: a}]\n").Only());

    [Fact]
    public void An_object_that_is_there_twice_fails_the_build()
    {
        var finding = Assert.Single(new Checked().WithApp(Checked.Map("app")).Findings());
        Assert.Equal("Error ObjectRepeated apps/kustomization.yaml:1:39", $"{finding.Severity} {finding.Reason} {finding.Place}");
        Assert.Contains("apps/app.yaml:1", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_object_that_two_Kustomizations_apply_is_told()
    {
        var finding = Assert.Single(new Checked().With("cluster/more.yaml", Checked.Flux("more", "./more")).With("more/app.yaml", Checked.Map("app")).Findings());
        Assert.Equal("Warning ObjectOwnedTwice more/app.yaml:1:1", $"{finding.Severity} {finding.Reason} {finding.Place}");
        Assert.Equal(["Kustomization/flux-system/apps: apps/app.yaml", "Kustomization/flux-system/more: more/app.yaml"], finding.Evidence);
    }

    [Fact]
    public void Two_clusters_may_have_the_same_objects()
    {
        var repository = new Checked().With("other/flux-system/sync.yaml", Checked.Flux("flux-system", "./other")).With("other/apps.yaml", Checked.Flux("apps", "./apps"));
        Assert.Empty(repository.Findings());
        Assert.Equal(2, repository.Snapshot().Trees.Count);
    }
}
