namespace HomelabOps.Core.Tests.Diagnosis.Manifests;

/// <summary>What is wrong with objects of Flux: paths, sources, dependencies, variables, charts.</summary>
public sealed class FluxCheckTests
{
    [Fact]
    public void A_path_that_leads_nowhere_is_told() =>
        Assert.Equal("Error PathMissing cluster/more.yaml:10:3", new Checked().With("cluster/more.yaml", Checked.Flux("more", "./mroe")).Only());

    [Theory]
    [InlineData("{kind: GitRepository, name: other}", "Error SourceUnknown")]
    [InlineData("{kind: HelmRepository, name: other}", "Error SourceKindInvalid")]
    public void A_source_that_nothing_makes_is_told(string source, string expected) => Assert.StartsWith(
        expected, new Checked().With("cluster/more.yaml", Checked.Flux("more", "./apps").Replace("{kind: GitRepository, name: flux-system}", source, StringComparison.Ordinal)).Only(), StringComparison.Ordinal);

    [Fact]
    public void What_another_repository_holds_is_not_looked_for_here()
    {
        var source = Checked.Object("source.toolkit.fluxcd.io/v1", "GitRepository", "flux-system", "other", "interval: 1m\nurl: https://git.example/other.git");
        var flux = Checked.Flux("more", "./deploy").Replace("name: flux-system}", "name: other}", StringComparison.Ordinal);
        Assert.Empty(new Checked().With("cluster/more.yaml", source + "---\n" + flux).Findings());
    }

    [Fact]
    public void A_second_source_of_the_same_address_is_this_repository()
    {
        var source = Checked.Object("source.toolkit.fluxcd.io/v1", "GitRepository", "flux-system", "again", "interval: 1m\nurl: https://git.example/home.git");
        var flux = Checked.Flux("more", "./none").Replace("name: flux-system}", "name: again}", StringComparison.Ordinal);
        Assert.Contains("PathMissing", new Checked().With("cluster/more.yaml", source + "---\n" + flux).Only(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_artifact_of_a_generator_is_a_source()
    {
        var generator = Checked.Object("source.extensions.fluxcd.io/v1beta1", "ArtifactGenerator", "flux-system", "all", "sources: []\nartifacts: [{name: apps}]");
        var flux = Checked.Flux("more", "./staging").Replace("{kind: GitRepository, name: flux-system}", "{kind: ExternalArtifact, name: apps}", StringComparison.Ordinal);
        Assert.Empty(new Checked().With("cluster/more.yaml", generator + "---\n" + flux).Findings());
    }

    [Fact]
    public void What_a_generator_puts_together_of_this_repository_is_built()
    {
        var generator = Checked.Object("source.extensions.fluxcd.io/v1beta1", "ArtifactGenerator", "flux-system", "all", """
            sources: [{alias: here, kind: GitRepository, name: flux-system}]
            artifacts: [{name: parts, copy: [{from: '@here/parts/base/**', to: '@artifact/base/'}, {from: '@here/parts/home/**', to: '@artifact/home/'}]}]
            """);
        var flux = Checked.Flux("more", "./home").Replace("{kind: GitRepository, name: flux-system}", "{kind: ExternalArtifact, name: parts}", StringComparison.Ordinal);
        var repository = new Checked().With("cluster/more.yaml", generator + "---\n" + flux).With("parts/home/kustomization.yaml", "resources: [../base, own.yaml]\n").With("parts/home/own.yaml", Checked.Map("own"))
            .With("parts/base/kustomization.yaml", "resources: [map.yaml]\n").With("parts/base/map.yaml", Checked.Map("base").Replace("\ndata", "\ndota", StringComparison.Ordinal));

        Assert.Equal("Error FieldUnknown parts/base/map.yaml:4:1", repository.Only());
        Assert.Equal("Error PathMissing cluster/more.yaml", repository.With("cluster/more.yaml", (generator + "---\n" + flux).Replace("./home", "./away", StringComparison.Ordinal)).Only()[..35]);
    }

    [Theory]
    [InlineData("dependsOn: [{name: storage}]", "Error DependencyUnknown cluster/more.yaml:11:16")]
    [InlineData("dependsOn:\n  - name: apps\n  - {name: apps, namespace: other}", "Error DependencyUnknown cluster/more.yaml:13:8")]
    [InlineData("dependsOn: [{name: more}]", "Error DependencyCycle cluster/more.yaml:11:3")]
    public void Dependencies_that_do_not_exist_are_told(string spec, string expected) =>
        Assert.Equal(expected, new Checked().With("cluster/more.yaml", Checked.Flux("more", "./more", spec)).With("more/a.yaml", Checked.Map("a")).Only());

    [Fact]
    public void A_circle_is_told_once()
    {
        var finding = Assert.Single(new Checked()
            .With("cluster/a.yaml", Checked.Flux("a", "./a", "dependsOn: [{name: c}]")).With("a/a.yaml", Checked.Map("a"))
            .With("cluster/b.yaml", Checked.Flux("b", "./b", "dependsOn: [{name: a}, {name: apps}]")).With("b/b.yaml", Checked.Map("b"))
            .With("cluster/c.yaml", Checked.Flux("c", "./c", "dependsOn: [{name: b}]")).With("c/c.yaml", Checked.Map("c")).Findings());
        Assert.Equal("DependencyCycle", finding.Reason);
        Assert.Contains("flux-system/a -> flux-system/c -> flux-system/b -> flux-system/a", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void So_is_one_of_Kustomizations_that_nothing_applies()
    {
        var finding = Assert.Single(
            new Checked().With("apart/two.yaml", $"{Checked.Flux("one", "./a", "dependsOn: [{name: two}]")}---\n{Checked.Flux("two", "./a", "dependsOn: [{name: one}]")}").With("a/a.yaml", Checked.Map("a")).Findings(),
            finding => finding.Reason == "DependencyCycle");
        Assert.Contains("flux-system/one -> flux-system/two -> flux-system/one", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Waiting_for_who_waits_for_oneself_is_told()
    {
        var repository = new Checked().With("cluster/parent.yaml", Checked.Flux("parent", "./parent", "wait: true"))
            .With("parent/child.yaml", Checked.Flux("child", "./child", "dependsOn: [{name: parent}]")).With("child/a.yaml", Checked.Map("a"));
        Assert.Equal("Error DependencyOnParent parent/child.yaml:11:16", repository.Only());
        Assert.Empty(repository.With("cluster/parent.yaml", Checked.Flux("parent", "./parent")).Findings());
    }

    [Fact]
    public void A_dependency_that_a_parent_renames_is_found() => Assert.Empty(new Checked()
        .With("cluster/children.yaml", Checked.Flux("children", "./children", "namePrefix: home-\ntargetNamespace: flux-system"))
        .With("children/kustomization.yaml", "resources: [a.yaml, b.yaml]\n").With("children/a.yaml", Checked.Flux("a", "./a")).With("children/b.yaml", Checked.Flux("b", "./b", "dependsOn: [{name: home-a}]"))
        .With("a/a.yaml", Checked.Map("a")).With("b/b.yaml", Checked.Map("b")).Findings());

    [Theory]
    [InlineData("postBuild: {substitute: {NAME: a}}", "Warning VariableUnset more/a.yaml:5:13")]
    [InlineData("postBuild: {substitute: {NAME: a, HOST: ''}}", null)]
    [InlineData("postBuild: {substituteFrom: [{kind: Secret, name: only-in-the-cluster}]}", null)]
    [InlineData("postBuild: {substituteFrom: [{kind: ConfigMap, name: settings}]}", null)]
    [InlineData("", null)]
    public void A_variable_that_nothing_sets_is_told_where_all_sources_are_known(string spec, string? expected)
    {
        var repository = new Checked().With("cluster/more.yaml", Checked.Flux("more", "./more", spec))
            .With("more/a.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: media}\ndata:\n  ${NAME}: '${HOST}'\n  b: '${X:=one}'\n  c: '$${Y}'\n")
            .With("apps/app.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings, namespace: media}\ndata: {NAME: plex, HOST: here}\n");
        Assert.Equal(expected is null ? [] : [expected], repository.Findings().Select(finding => $"{finding.Severity} {finding.Reason} {finding.Place}"));
    }

    [Fact]
    public void A_variable_whose_absence_breaks_the_object_fails_the_build() => Assert.Equal(["Error BuildFailed cluster/more.yaml:11:3", "Warning VariableUnset more/a.yaml:5:3"], new Checked()
        .With("cluster/more.yaml", Checked.Flux("more", "./more", "postBuild: {substitute: {A: a}}")).With("more/a.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: media}\ndata:\n  ${KEY}: b\n")
        .Findings().Select(finding => $"{finding.Severity} {finding.Reason} {finding.Place}"));

    [Theory]
    [InlineData("'1'")]
    [InlineData("'true'")]
    public void A_value_that_loses_its_quotes_by_substitution_is_told(string value) => Assert.Equal("Error FieldInvalid more/a.yaml:4:8", new Checked()
        .With("cluster/more.yaml", Checked.Flux("more", "./more", $"postBuild: {{substitute: {{A: {value}}}}}")).With("more/a.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: media}\ndata: {a: '${A}'}\n").Only());

    [Fact]
    public void An_object_that_is_spared_keeps_its_expressions() => Assert.Empty(new Checked().With("cluster/more.yaml", Checked.Flux("more", "./more", "postBuild: {substitute: {A: a}}"))
        .With("more/a.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n  namespace: media\n  annotations: {kustomize.toolkit.fluxcd.io/substitute: disabled}\ndata: {run: 'echo ${HOME}'}\n").Findings());

    [Fact]
    public void An_expression_that_does_not_end_fails_the_build() => Assert.Equal("Error BuildFailed cluster/more.yaml:11:3", new Checked()
        .With("cluster/more.yaml", Checked.Flux("more", "./more", "postBuild: {substitute: {A: a}}")).With("more/a.yaml", Checked.Map("a").Replace("b}", "'${A'}", StringComparison.Ordinal)).Only());

    [Fact]
    public void A_name_with_an_expression_that_nothing_substitutes_is_told() =>
        Assert.Equal("Error VariableLeft apps/extra.yaml:3:12", new Checked().WithApp(Checked.Map("'${APP}'")).Only());

    [Theory]
    [InlineData("chartRef: {kind: OCIRepository, name: plex}", "Error ChartSourceUnknown apps/extra.yaml:8:35")]
    [InlineData("chart: {spec: {chart: plex, sourceRef: {kind: HelmRepository, name: plex}}}", "Error ChartSourceUnknown")]
    [InlineData("chart: {spec: {chart: plex, sourceRef: {kind: HelmRepository, name: here}}}", null)]
    [InlineData("chart: {spec: {chart: plex, sourceRef: {kind: HelmRepository, name: here, namespace: other}}}", "Error ChartSourceUnknown")]
    [InlineData("chart: {spec: {chart: ./charts/plex, sourceRef: {kind: GitRepository, name: flux-system, namespace: flux-system}}}", null)]
    [InlineData("values: {a: b}", "Error ChartInvalid apps/extra.yaml:6:1")]
    public void A_chart_whose_source_nothing_makes_is_told(string spec, string? expected)
    {
        var repository = new Checked().WithApp(Checked.Release(spec) + "---\n" + Checked.Object("source.toolkit.fluxcd.io/v1", "HelmRepository", "media", "here", "url: https://charts.example"));
        Assert.True(expected is null ? repository.Findings().Count == 0 : repository.Only().StartsWith(expected, StringComparison.Ordinal), expected is null ? "" : repository.Only());
    }

    [Theory]
    [InlineData("HelmRepository", "url: oci://registry.example/charts", false)]
    [InlineData("HelmRepository", "type: oci\nurl: oci://registry.example/charts", true)]
    [InlineData("HelmRepository", "type: oci\nurl: https://registry.example/charts", false)]
    [InlineData("HelmRepository", "url: https://charts.example", true)]
    [InlineData("OCIRepository", "url: https://registry.example/charts/app", false)]
    [InlineData("OCIRepository", "url: oci://registry.example/charts/app", true)]
    [InlineData("GitRepository", "url: git@git.example:home.git", false)]
    public void An_address_must_fit_the_kind(string kind, string spec, bool isWell)
    {
        var findings = new Checked().WithApp(Checked.Object("source.toolkit.fluxcd.io/v1", kind, "media", "source", spec)).Findings();
        Assert.Equal(isWell ? [] : ["SourceAddressInvalid"], findings.Select(finding => finding.Reason));
    }

    [Fact]
    public void Values_whose_name_a_generator_changes_are_told()
    {
        var repository = new Checked().With("apps/kustomization.yaml", "namespace: media\nresources: [namespace.yaml, app.yaml, extra.yaml]\nconfigMapGenerator: [{name: values, literals: [a=b]}]\n")
            .With("apps/extra.yaml", Checked.Release("chart: {spec: {chart: a, sourceRef: {kind: HelmRepository, name: here}}}\nvaluesFrom: [{kind: ConfigMap, name: values}, {kind: Secret, name: elsewhere}]") + "---\n" + Checked.Object("source.toolkit.fluxcd.io/v1", "HelmRepository", "media", "here", "url: https://charts.example"));
        Assert.Equal("Error ValuesNameHashed apps/extra.yaml:9:34", repository.Only());
    }

    [Theory]
    [InlineData("apiVersion: apps/v1, kind: Deployment, name: gone, namespace: media", "Warning HealthTargetUnknown cluster/more.yaml:11:18")]
    [InlineData("apiVersion: v1, kind: ConfigMap, name: app, namespace: media", null)]
    [InlineData("apiVersion: helm.toolkit.fluxcd.io/v2, kind: HelmRelease, name: gone, namespace: media", "Error HealthTargetUnknown cluster/more.yaml:11:18")]
    public void A_health_check_of_what_nothing_makes_is_told(string target, string? expected) => Assert.Equal(
        expected is null ? [] : [expected],
        new Checked().With("cluster/more.yaml", Checked.Flux("more", "./more", $"healthChecks: [{{{target}}}]")).With("more/a.yaml", Checked.Map("a")).Findings().Select(finding => $"{finding.Severity} {finding.Reason} {finding.Place}"));

    [Fact]
    public void A_template_that_does_not_end_is_told() => Assert.Equal("Warning TemplateUnclosed apps/extra.yaml:10:5", new Checked()
        .WithApp(Checked.Release("chartRef: {kind: ExternalArtifact, name: a}\nvalues:\n  a: '{{ .Release.Name }'\n  b: '{{ .Release.Name }}'")).Only());

    [Fact]
    public void A_broken_build_does_not_make_its_objects_missing() => Assert.Equal("Error FileMissing more/kustomization.yaml:1:13", new Checked()
        .With("cluster/more.yaml", Checked.Flux("more", "./more")).With("more/kustomization.yaml", "resources: [none.yaml, child.yaml]\n").With("more/child.yaml", Checked.Flux("child", "./child")).With("child/a.yaml", Checked.Map("a"))
        .With("cluster/last.yaml", Checked.Flux("last", "./last", "dependsOn: [{name: child}]")).With("last/b.yaml", Checked.Map("b")).Only());
}
