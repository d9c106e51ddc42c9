namespace HomelabOps.Core.Tests.Applications.Scaffolding;

/// <summary>Small repositories of the two common layouts.</summary>
internal static class Layouts
{
    private const string Flux = """
        apiVersion: kustomize.toolkit.fluxcd.io/v1
        kind: Kustomization
        metadata:
          name: {0}
          namespace: flux-system
        spec:
          interval: 1m
          path: {1}
          prune: true
          sourceRef:
            kind: GitRepository
            name: flux-system

        """;

    /// <summary>All applications in one Flux Kustomization, volumes in another.</summary>
    public static (string Path, string Text)[] Runbook { get; } =
    [
        ("cluster/kustomization.yaml", List("flux.yaml")),
        ("cluster/flux.yaml", string.Join("---\n", Of("flux-system", "./cluster"), Of("infrastructure-storage", "./infrastructure/storage"), Of("apps", "./apps"))),
        ("infrastructure/storage/kustomization.yaml", List("pv-sonarr.yaml")),
        ("infrastructure/storage/pv-sonarr.yaml", "apiVersion: v1\nkind: PersistentVolume\nmetadata: {name: pv-sonarr}\nspec: {capacity: {storage: 1Gi}, accessModes: [ReadWriteOnce], hostPath: {path: /data/pods/sonarr}, claimRef: {namespace: media, name: pvc-sonarr}}\n"),
        ("apps/kustomization.yaml", List("./media")),
        ("apps/media/kustomization.yaml", "# what we watch\n" + List("namespace.yaml", "./sonarr")),
        ("apps/media/namespace.yaml", "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: media\n"),
        ("apps/media/sonarr/kustomization.yaml", List("deployment.yaml", "ingress.yaml", "pvc.yaml")),
        ("apps/media/sonarr/pvc.yaml", "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: pvc-sonarr, namespace: media}\nspec: {accessModes: [ReadWriteOnce], volumeName: pv-sonarr, storageClassName: \"\", resources: {requests: {storage: 1Gi}}}\n"),
        ("apps/media/sonarr/deployment.yaml", """
            apiVersion: apps/v1
            kind: Deployment
            metadata:
              name: sonarr
              namespace: media
            spec:
              selector: {matchLabels: {app: sonarr}}
              template:
                metadata: {labels: {app: sonarr}}
                spec:
                  containers:
                    - name: sonarr
                      image: linuxserver/sonarr:4.0.16
                      env:
                        - {name: PUID, value: "1000"}
                        - {name: TZ, value: Europe/Berlin}

            """),
        ("apps/media/sonarr/ingress.yaml", "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: sonarr, namespace: media}\nspec:\n  ingressClassName: traefik\n  rules: [{host: sonarr.homelab}]\n"),
    ];

    /// <summary>A Flux Kustomization for each application, beside its folder.</summary>
    public static (string Path, string Text)[] HomeOps { get; } =
    [
        ("kubernetes/flux/cluster/ks.yaml", Of("cluster-apps", "./kubernetes/apps")),
        ("kubernetes/apps/default/kustomization.yaml", "---\napiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nnamespace: default\nresources:\n  - ./sonarr/ks.yaml\n  - ./zigbee/ks.yaml\n"),
        ("kubernetes/apps/default/sonarr/ks.yaml", Own("sonarr")),
        ("kubernetes/apps/default/sonarr/app/kustomization.yaml", List("./helmrelease.yaml")),
        ("kubernetes/apps/default/sonarr/app/helmrelease.yaml", Release("sonarr")),
        ("kubernetes/apps/default/zigbee/ks.yaml", Own("zigbee")),
        ("kubernetes/apps/default/zigbee/app/kustomization.yaml", List("./helmrelease.yaml")),
        ("kubernetes/apps/default/zigbee/app/helmrelease.yaml", Release("zigbee")),
    ];

    /// <summary>A Flux Kustomization for each category.</summary>
    public static (string Path, string Text)[] Categories { get; } =
    [
        ("cluster/kustomization.yaml", List("flux.yaml", "media-kustomization.yaml")),
        ("cluster/flux.yaml", Of("flux-system", "./cluster")),
        ("cluster/media-kustomization.yaml", Of("media", "./apps/media")),
        .. Runbook.Where(file => file.Path.StartsWith("apps/media/", StringComparison.Ordinal)),
    ];

    public static string Of(string name, string path) => Flux.Replace("{0}", name, StringComparison.Ordinal).Replace("{1}", path, StringComparison.Ordinal);

    private static string Own(string name) => Of(name, $"./kubernetes/apps/default/{name}/app")
        .Replace("  namespace: flux-system\nspec:\n", "spec:\n  targetNamespace: default\n", StringComparison.Ordinal) + "    namespace: flux-system\n";

    private static string Release(string name) => $"apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata:\n  name: {name}\nspec:\n  interval: 1h\n  chartRef: {{kind: OCIRepository, name: {name}}}\n"
        + $"---\napiVersion: source.toolkit.fluxcd.io/v1\nkind: OCIRepository\nmetadata:\n  name: {name}\nspec:\n  interval: 1h\n  url: oci://ghcr.io/bjw-s-labs/helm/app-template\n  ref: {{tag: 4.4.0}}\n";

    private static string List(params string[] resources) => "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n" + string.Concat(resources.Select(resource => $"  - {resource}\n"));
}
