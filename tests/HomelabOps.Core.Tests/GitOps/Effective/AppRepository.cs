using System.Text;
using HomelabOps.Core.GitOps.Commits;
using HomelabOps.Core.GitOps.Effective;
using HomelabOps.Core.Tests.Diagnosis.Manifests;

namespace HomelabOps.Core.Tests.GitOps.Effective;

/// <summary>A repository with one application, in either layout, to which a test adds what changes its values.</summary>
internal sealed class AppRepository
{
    public const string Deployment = """
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: sonarr
          namespace: media
        spec:
          replicas: 1
          selector:
            matchLabels: {app: sonarr}
          template:
            metadata:
              labels: {app: sonarr}
            spec:
              nodeSelector:
                role: primary
              containers:
                - name: sonarr
                  image: linuxserver/sonarr:4.0.16 # the web server
                  resources:
                    requests:
                      cpu: 100m
                    limits:
                      memory: 512Mi
                - name: sidecar
                  image: ghcr.io/example/sidecar:1.0@sha256:0123
              volumes:
                - name: config
                  persistentVolumeClaim:
                    claimName: pvc-sonarr

        """;

    public const string Release = """
        apiVersion: helm.toolkit.fluxcd.io/v2
        kind: HelmRelease
        metadata:
          name: sonarr
          namespace: media
        spec:
          interval: 1h
          chartRef: {kind: OCIRepository, name: sonarr}
          values:
            defaultPodOptions:
              nodeSelector:
                kubernetes.io/hostname: node1
            controllers:
              sonarr:
                replicas: 1
                containers:
                  app:
                    image:
                      repository: ghcr.io/home-operations/sonarr
                      tag: 4.0.16
                    resources:
                      limits:
                        memory: 4Gi
            persistence:
              config:
                existingClaim: pvc-sonarr

        """;

    private readonly SortedDictionary<string, string> _files = new(StringComparer.Ordinal);

    public AppRepository(string app = Deployment)
    {
        With("cluster/flux-system/sync.yaml", Checked.Object("source.toolkit.fluxcd.io/v1", "GitRepository", "flux-system", "flux-system", "interval: 1m\nurl: https://git.example/home.git") + "---\n" + Checked.Flux("flux-system", "./cluster"));
        With("cluster/apps.yaml", Checked.Flux("apps", "./apps"));
        With("apps/kustomization.yaml", "resources:\n  - sonarr\n");
        With("apps/sonarr/kustomization.yaml", "resources:\n  - app.yaml\n");
        With("apps/sonarr/app.yaml", app);
    }

    /// <summary>Sets the text of a file.</summary>
    public AppRepository With(string path, string text)
    {
        _files[path] = text;
        return this;
    }

    /// <summary>Adds to the text of a file.</summary>
    public AppRepository Adding(string path, string text) => With(path, _files[path] + text);

    /// <summary>Replaces a part of a file's text.</summary>
    public AppRepository Replacing(string path, string old, string text)
    {
        Assert.Contains(old, _files[path], StringComparison.Ordinal);
        return With(path, _files[path].Replace(old, text, StringComparison.Ordinal));
    }

    public string Text(string path) => _files[path];

    /// <summary>The lines that an edit takes away and adds, by file.</summary>
    public string Edited(IRepositoryEdit edit)
    {
        var lines = edit.Apply(Files).SelectMany(change =>
        {
            var (before, after) = (Encoding.UTF8.GetString(change.Before!).Split('\n'), Encoding.UTF8.GetString(change.After!).Split('\n'));
            With(change.Path, Encoding.UTF8.GetString(change.After!));
            return Without(before, after).Select(line => $"{change.Path} - {line.Trim()}").Concat(Without(after, before).Select(line => $"{change.Path} + {line.Trim()}"));
        });
        return string.Join('\n', lines);

        static IEnumerable<string> Without(IEnumerable<string> lines, IEnumerable<string> others)
        {
            var left = others.ToList();
            return lines.Where(line => !left.Remove(line)).ToArray();
        }
    }

    public MemoryFiles Files => new([.. _files.Select(file => (file.Key, file.Value))]);

    public ManifestView View(params ValuePattern[] patterns) => ManifestView.Read(Files, patterns, TestContext.Current.CancellationToken);

    /// <summary>The fields with their places; all of them proven by builds.</summary>
    public IReadOnlyList<HomelabManifest> Manifests(params ValuePattern[] patterns)
    {
        var view = View(patterns);
        return [.. new ManifestLocator(view).Locate(view.Apps, always: true, TestContext.Current.CancellationToken).Select(found => ManifestLocator.Record(found.App, found.Field, found.Place))];
    }

    /// <summary>What may decide a field of the one application after its values.</summary>
    public string? Overrides(ManifestField field)
    {
        var view = View();
        var app = Assert.Single(view.Apps);
        return ReleaseLastWord.Of(app, view.Fields(app).First(found => found.Field == field), field);
    }

    /// <summary>The one value of a field and where it is defined.</summary>
    public string Only(ManifestField field, string container = "", string item = "")
    {
        var manifests = Manifests();

        // What is concluded without a proof is what the proof gives.
        var view = View();
        Assert.Equal(
            manifests.Select(manifest => $"{manifest.Path} {manifest.Place}"),
            new ManifestLocator(view).Locate(view.Apps).Select(found => ManifestLocator.Record(found.App, found.Field, found.Place)).Select(manifest => $"{manifest.Path} {manifest.Place}"));

        var only = Assert.Single(manifests, manifest => manifest.Field == field && (container.Length == 0 || manifest.Container == container) && (item.Length == 0 || manifest.Item == item));
        return $"{only.Value} {only.Place} {only.Mechanism}";
    }
}
