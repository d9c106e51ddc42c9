using HomelabOps.Core.Kubernetes;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Controllers.Runtime;

namespace HomelabOps.Sandbox.Tests.Operations;

/// <summary>A homelab in which sonarr is a release of app-template, in a Flux Kustomization of its own, as repositories after the example of home-ops have it.</summary>
public sealed class ReleasedHomelab : MovableHomelab
{
    private const string Folder = "clusters/homelab/apps/media/sonarr";

    /// <summary>The manifest of the release.</summary>
    public const string File = $"{Folder}/app/helmrelease.yaml";

    private const string Kustomization = $$"""
        apiVersion: kustomize.toolkit.fluxcd.io/v1
        kind: Kustomization
        metadata:
          name: &app sonarr
          namespace: flux-system
        spec:
          interval: 1h
          path: ./{{Folder}}/app
          prune: true
          wait: false
          targetNamespace: media
          commonMetadata:
            labels:
              app.kubernetes.io/name: *app
          sourceRef:
            kind: GitRepository
            name: flux-system
          postBuild:
            substitute:
              APP: *app

        """;

    private const string Release = """
        ---
        # yaml-language-server: $schema=https://example.org/helmrelease-v2.json
        apiVersion: source.toolkit.fluxcd.io/v1
        kind: OCIRepository
        metadata:
          name: ${APP}
        spec:
          interval: 1h
          url: oci://ghcr.io/bjw-s-labs/helm/app-template
          ref:
            tag: 4.2.0
        ---
        apiVersion: helm.toolkit.fluxcd.io/v2
        kind: HelmRelease
        metadata:
          name: &app ${APP}
        spec:
          interval: 1h
          chartRef:
            kind: OCIRepository
            name: *app
          values:
            defaultPodOptions:
              nodeSelector: { role: primary } # where the data is
            controllers:
              sonarr:
                strategy: Recreate
                containers:
                  app:
                    image: { repository: lscr.io/linuxserver/sonarr, tag: 4.0.15 }
                    env:
                      TZ: ${TIMEZONE:-Europe/Berlin}
                    resources:
                      requests: { cpu: 25m, memory: 64Mi }
            service:
              app:
                ports:
                  http: { port: 8989 }
            persistence:
              config:
                existingClaim: "pvc-{{ .Release.Name }}"   # of this node
                globalMounts:
                  - path: /config

        """;

    /// <summary>Lets the application become a release: its Deployment goes first, which a chart could not take over.</summary>
    internal async Task ConvertAsync()
    {
        await UntilInSyncAsync();
        Git("pull", "--quiet", "--ff-only");
        Git("rm", "--quiet", $"{Folder}/deployment.yaml", $"{Folder}/service.yaml", $"{Folder}/ingress.yaml");
        var list = Path.Combine(Homelab.RepositoryPath, Folder, "kustomization.yaml");
        string[] gone = ["deployment.yaml", "service.yaml", "ingress.yaml"];
        var lines = (await System.IO.File.ReadAllLinesAsync(list)).Where(line => !gone.Any(line.Contains)).ToList();
        await System.IO.File.WriteAllLinesAsync(list, lines);
        Push("Make room for a release");
        await UntilAsync(() => Task.FromResult(!All(Types.Deployment).Any(item => Cells.Text(item, "metadata.name") == "sonarr")), "the Deployment is gone", TimeSpan.FromSeconds(20));

        Directory.CreateDirectory(Path.Combine(Homelab.RepositoryPath, Folder, "app"));
        await System.IO.File.WriteAllTextAsync(Path.Combine(Homelab.RepositoryPath, File), Release);
        await System.IO.File.WriteAllTextAsync(Path.Combine(Homelab.RepositoryPath, Folder, "app", "kustomization.yaml"), "resources:\n  - ./helmrelease.yaml\n");
        await System.IO.File.WriteAllTextAsync(Path.Combine(Homelab.RepositoryPath, Folder, "ks.yaml"), Kustomization);
        await System.IO.File.WriteAllLinesAsync(list, [.. lines, "  - ks.yaml"]);
        Push("Release sonarr");
        await UntilAsync(async () => await Core.Workloads.WorkloadReader.FindAsync(Client, new(Client.Name, "Deployment", "media", "sonarr"), default) is { } && (await AppAsync("sonarr")).Ready, "the release runs", TimeSpan.FromSeconds(20));
        await UntilInSyncAsync();
    }

    private void Push(string subject)
    {
        Git("add", "--all", Folder);
        Git("-c", "user.name=Anna", "-c", "user.email=anna@example.org", "commit", "--quiet", "-m", subject);
        Git("push", "--quiet", "origin", "HEAD:main");
    }
}
