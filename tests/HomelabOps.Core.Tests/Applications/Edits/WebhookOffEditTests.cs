using HomelabOps.Core.Applications.Edits;
using HomelabOps.Core.Tests.Diagnosis.Manifests;
using HomelabOps.Core.Tests.GitOps.Effective;

namespace HomelabOps.Core.Tests.Applications.Edits;

/// <summary>MetalLB's webhook is switched off where its controller is written, and nothing else changes.</summary>
public sealed class WebhookOffEditTests
{
    private const string File = "apps/sonarr/metallb.yaml";
    private const string Entry = "ipaddresspoolvalidationwebhook.metallb.io";

    private const string Controller = """
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: controller
          namespace: metallb-system
        spec:
          template:
            spec:
              containers:
                - name: controller
                  image: quay.io/metallb/controller:v0.14.9
                  ARGUMENTS
        ---
        apiVersion: admissionregistration.k8s.io/v1
        kind: ValidatingWebhookConfiguration
        metadata:
          name: metallb-webhook-configuration
        webhooks:
          - name: ipaddresspoolvalidationwebhook.metallb.io
            failurePolicy: Fail # strict
          - name: others.example.org
            failurePolicy: Fail

        """;

    private const string Release = """
        apiVersion: helm.toolkit.fluxcd.io/v2
        kind: HelmRelease
        metadata:
          name: metallb
          namespace: metallb-system
        spec:
          interval: 10m
          chart:
            spec:
              chart: metallb
              sourceRef:
                kind: HelmRepository
                name: metallb

        """;

    [Theory]
    [InlineData("args: [--port=7472, --webhook-mode=enabled]", "- args: [--port=7472, --webhook-mode=enabled]|+ args: [--port=7472, \"--webhook-mode=disabled\"]")]
    [InlineData("args:\n            - --webhook-mode\n            - enabled\n            - --port=7472", "- - enabled|+ - disabled")]
    [InlineData("args:\n            - --port=7472 # metrics\n            - --log-level=info", "+ - --webhook-mode=disabled")]
    [InlineData("imagePullPolicy: Always", "+ args:|+ - --webhook-mode=disabled")]
    public void The_argument_is_added_and_the_server_does_not_insist(string arguments, string changes)
    {
        var repository = Repository(Controller.Replace("ARGUMENTS", arguments, StringComparison.Ordinal));
        var edit = Edit();
        var lines = repository.Edited(edit).Split('\n').Select(line => line[(File.Length + 1)..]).Order(StringComparer.Ordinal);
        Assert.Equal([.. changes.Split('|').Concat(["- failurePolicy: Fail # strict", "+ failurePolicy: Ignore # strict"]).Order(StringComparer.Ordinal)], lines);
        Assert.Equal(["Deployment/metallb-system/controller"], edit.Runs.Select(run => run.ToString()));
        Assert.False(edit.IsUnchanged);

        Assert.Empty(edit.Apply(repository.Files));
        Assert.True(edit.IsUnchanged);
    }

    [Fact]
    public void An_argument_of_a_patch_changes_there()
    {
        var repository = Repository(Controller.Replace("ARGUMENTS", "imagePullPolicy: Always", StringComparison.Ordinal))
            .With("apps/sonarr/args.yaml", "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: controller\n  namespace: metallb-system\nspec:\n  template:\n    spec:\n      containers:\n        - name: controller\n          args: [--webhook-mode=enabled]\n")
            .Replacing("apps/sonarr/kustomization.yaml", "resources:\n", "patches:\n  - path: args.yaml\nresources:\n");
        Assert.Contains("apps/sonarr/args.yaml + args: [\"--webhook-mode=disabled\"]", repository.Edited(Edit()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "+ values:|+ controller:|+ webhookMode: disabled|+ crds:|+ validationFailurePolicy: Ignore")]
    [InlineData("  values:\n    controller:\n      webhookMode: enabled\n", "- webhookMode: enabled|+ webhookMode: disabled|+ crds:|+ validationFailurePolicy: Ignore")]
    [InlineData("  values:\n    crds:\n      enabled: true\n", "+ controller:|+ webhookMode: disabled|+ validationFailurePolicy: Ignore")]
    public void Of_a_release_the_values_change(string values, string changes)
    {
        var repository = Repository(Release + values);
        var lines = repository.Edited(EditOfRelease()).Split('\n').Select(line => line[(File.Length + 1)..]).Order(StringComparer.Ordinal);
        Assert.Equal([.. changes.Split('|').Order(StringComparer.Ordinal)], lines);
        Assert.Empty(EditOfRelease().Apply(repository.Files));
    }

    [Theory]
    [InlineData("oci://quay.io/metallb/chart/metallb", "flux-system", true)]
    [InlineData("oci://example.org/charts/metallb-fork", "flux-system", false)]
    [InlineData("oci://quay.io/metallb/chart/metallb", "elsewhere", false)]
    public void A_chart_behind_a_reference_is_known_by_its_source(string url, string space, bool isOwn)
    {
        var release = Release[..Release.IndexOf("  chart:", StringComparison.Ordinal)] + "  chartRef: {kind: OCIRepository, name: metallb, namespace: flux-system}\n";
        var repository = Repository(release + $"---\napiVersion: source.toolkit.fluxcd.io/v1\nkind: OCIRepository\nmetadata:\n  name: metallb\n  namespace: {space}\nspec:\n  interval: 1h\n  url: {url}\n");
        if (isOwn)
        {
            Assert.Contains("+ webhookMode: disabled", repository.Edited(EditOfRelease()), StringComparison.Ordinal);
        }
        else
        {
            Assert.Contains("another chart", Refusal(EditOfRelease(), repository), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void What_cannot_be_edited_is_said_with_the_way_it_is_done()
    {
        Assert.Contains("another chart", Refusal(EditOfRelease(), Repository(Release.Replace("chart: metallb\n", "chart: metallb-bitnami\n", StringComparison.Ordinal))), StringComparison.Ordinal);
        Assert.Contains("remote base", Refusal(Edit(), new AppRepository()), StringComparison.Ordinal);
        Assert.Contains("remote base", Refusal(Edit(), Repository(Controller.Split("---")[0].Replace("ARGUMENTS", "args: []", StringComparison.Ordinal))), StringComparison.Ordinal);
    }

    private static string Refusal(WebhookOffEdit edit, AppRepository repository)
    {
        var error = Assert.Throws<HomelabException>(() => edit.Apply(repository.Files));
        Assert.Equal("WebhookNotInGit", error.Id);
        return error.Message;
    }

    private static AppRepository Repository(string text) => new AppRepository().With(File, text).Replacing("apps/sonarr/kustomization.yaml", "  - app.yaml\n", "  - app.yaml\n  - metallb.yaml\n");

    private static WebhookOffEdit Edit() => new(new(null, "Deployment", "metallb-system", "controller"), "controller", [("metallb-webhook-configuration", Entry)]);

    private static WebhookOffEdit EditOfRelease() => new(new(null, "HelmRelease", "metallb-system", "metallb"), "controller", [("metallb-webhook-configuration", Entry)]);
}
