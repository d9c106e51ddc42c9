using HomelabOps.Core.GitOps.Index;

namespace HomelabOps.Core.Tests.GitOps;

/// <summary>What the index says of a repository.</summary>
public sealed class RepositoryIndexTests
{
    private readonly RepositoryIndex _index = RepositoryIndex.Read(new MemoryFiles(
        ("cluster/apps.yaml", "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: apps, namespace: flux-system}\nspec:\n  path: ./apps\n  targetNamespace: media\n  dependsOn: [{name: storage}, {name: x, namespace: y}]\n"),
        ("cluster/loose.yaml", "---\n# first\napiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: loose, namespace: flux-system}\nspec: {path: loose, components: [../components/c]}\n---\napiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: variable, namespace: flux-system}\nspec: {path: \"./${CLUSTER}\"}\n"),
        ("cluster/kustomization.yaml", "resources: [apps.yaml]\n"),
        ("apps/kustomization.yaml", "resources:\n  - sonarr\n  - gone.yaml\n"),
        ("apps/sonarr/kustomization.yaml", "resources: [deployment.yaml]\npatches: [{path: patch.yaml}]\nconfigMapGenerator: [{name: c, files: [key=files/app.ini]}]\n"),
        ("apps/sonarr/deployment.yaml", "# comment\n---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: sonarr}\n---\napiVersion: v1\nkind: Service\nmetadata:\n  name: sonarr\n  namespace: media\n"),
        ("apps/sonarr/patch.yaml", "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: sonarr}\n"),
        ("apps/sonarr/forgotten.yaml", "apiVersion: v1\nkind: Secret\nmetadata: {name: forgotten}\n"),
        ("apps/sonarr/files/app.ini", "a=b"),
        ("apps/sonarr/broken.yaml", "a: [\n"),
        ("loose/a.yaml", "apiVersion: v1\nkind: List\nitems:\n  - {apiVersion: v1, kind: Secret, metadata: {name: a}}\n  - {apiVersion: v1, kind: Secret, metadata: {name: b, namespace: n}}\n"),
        ("components/c/kustomization.yaml", "kind: Component\nresources: [c.yaml]\n"),
        ("components/c/c.yaml", "apiVersion: v1\nkind: Secret\nmetadata: {name: c}\n"),
        (".github/x.yaml", "on: push\n")));

    [Fact]
    public void An_object_is_found_with_its_line()
    {
        Assert.Equal([("/apps/sonarr/deployment.yaml", 3L, 0), ("/apps/sonarr/patch.yaml", 1, 0)], _index.Find("Deployment", "media", "sonarr").Select(item => (item.File, item.Line, item.Document)));
        Assert.Equal(("/apps/sonarr/deployment.yaml", 7L, 1), _index.Find("Service", null, "sonarr").Select(item => (item.File, item.Line, item.Document)).Single());
        Assert.Empty(_index.Find("Service", "other", "sonarr"));
        Assert.Equal(5, _index.Find("Secret", "n", "b").Single().Line);
    }

    [Fact]
    public void A_Flux_Kustomization_leads_to_its_files()
    {
        var apps = _index.FluxKustomizations.Single(flux => flux.Object.Name == "apps");
        Assert.Equal(("./apps", "/apps", "media"), (apps.Path, apps.Folder, apps.TargetNamespace));
        Assert.Equal(["flux-system/storage", "y/x"], apps.DependsOn);
        Assert.Equal(["/apps/kustomization.yaml", "/apps/sonarr/deployment.yaml", "/apps/sonarr/files/app.ini", "/apps/sonarr/kustomization.yaml", "/apps/sonarr/patch.yaml"], apps.Files);
        Assert.Equal("apps", Assert.Single(_index.AppliedBy("/apps/sonarr/patch.yaml")).Object.Name);
    }

    [Fact]
    public void A_folder_without_a_kustomization_is_taken_up_whole_and_components_too()
    {
        var loose = _index.FluxKustomizations.Single(flux => flux.Object.Name == "loose");
        Assert.Equal(["/components/c/c.yaml", "/components/c/kustomization.yaml", "/loose/a.yaml"], loose.Files);
        Assert.Equal(3, loose.Object.Line);
    }

    [Fact]
    public void A_path_with_a_variable_leads_nowhere_yet()
    {
        var variable = _index.FluxKustomizations.Single(flux => flux.Object.Name == "variable");
        Assert.Null(variable.Folder);
        Assert.Empty(variable.Files);
    }

    [Fact]
    public void Who_names_a_file_and_who_names_none_is_known()
    {
        Assert.Equal(["/apps/sonarr/kustomization.yaml"], _index.ReferencedBy("/apps/sonarr/files/app.ini"));
        Assert.Equal(["/apps/kustomization.yaml"], _index.ReferencedBy("/apps/sonarr"));
        Assert.Equal(["/apps/sonarr"], _index.References("/apps/kustomization.yaml"));
        Assert.Equal(["/apps/sonarr/forgotten.yaml", "/cluster/loose.yaml"], _index.Unreferenced);
    }

    [Fact]
    public void What_is_broken_is_a_problem_and_no_error()
    {
        Assert.Equal([("/apps/kustomization.yaml", 3L), ("/apps/sonarr/broken.yaml", 1)], _index.Problems.Select(problem => (problem.File, problem.Line)).Order());
        Assert.DoesNotContain("/.github/x.yaml", _index.Files);
    }
}
