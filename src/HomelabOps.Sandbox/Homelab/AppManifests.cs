using System.Globalization;

namespace HomelabOps.Sandbox.Homelab;

/// <summary>The files of one application, in its folder below apps.</summary>
internal sealed class AppManifests(HomelabPlan plan)
{
    public const string ReplicationFile = "replication.yaml";

    private const int SyncthingPort = 22000;

    /// <summary>The file with what runs the application.</summary>
    public static string WorkloadFile(PlannedApp app) => $"{WordOf(app.Form)}.yaml";

    /// <summary>The files, by their names in the folder.</summary>
    /// <param name="app">The application.</param>
    /// <param name="isFirst">As the application was brought in: with its former image, and Syncthings that do not know each other yet.</param>
    public SortedDictionary<string, string> Files(PlannedApp app, bool isFirst)
    {
        var values = Values(app, isFirst);
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["pvc.yaml"] = Fill("pvc", values) };
        files[WorkloadFile(app)] = Fill(WordOf(app.Form), values);
        if (app.Form != AppForm.HelmRelease)
        {
            files["service.yaml"] = Fill("service", values);
        }

        if (app.Form == AppForm.Deployment && app.HasPages)
        {
            files["ingress.yaml"] = Fill("ingress", values);
        }

        if (app.Replication != AppReplication.None)
        {
            files[ReplicationFile] = Fill(app.IsSyncthing ? "replication-syncthing" : $"replication-{WordOf(app.Replication)}", values);
        }

        files["kustomization.yaml"] = Kustomizations.Of(files.Keys);
        return files;
    }

    /// <summary>A file of this folder's templates with its places filled.</summary>
    public static string Fill(string name, IReadOnlyDictionary<string, string> values) => Template.Fill(EmbeddedText.Read($"Apps/{name}.yaml"), values);

    private Dictionary<string, string> Values(PlannedApp app, bool isFirst)
    {
        var tag = isFirst ? app.FormerTag ?? app.Tag : app.Tag;
        var hasLabels = app.Replication == AppReplication.Labelled;
        return new(StringComparer.Ordinal)
        {
            ["APP"] = app.Name,
            ["NAMESPACE"] = app.Category,
            ["DOMAIN"] = HomelabPlan.Domain,
            ["IMAGE"] = $"{app.Image}:{tag}",
            ["IMAGE_REPOSITORY"] = app.Image,
            ["TAG"] = tag,
            ["PORT"] = Text(app.Port),
            ["PORT_NAME"] = app.Form == AppForm.StatefulSet ? "database" : "http",
            ["SERVICE_PORT"] = Text(app.HasPages ? 80 : app.Port),
            ["DATA"] = app.Data,
            ["PROBE"] = app.Probe is null ? $"tcpSocket:\n  port: {Text(app.Port)}" : $"httpGet:\n  path: {app.Probe}\n  port: {Text(app.Port)}",
            ["MEDIA_MOUNT"] = app.Media == MediaAccess.None ? "" : $"- name: media\n  mountPath: {HomelabPlan.MediaPath}\n  readOnly: true",
            ["MEDIA_VOLUME"] = app.Media switch
            {
                MediaAccess.Node => $"- name: media\n  hostPath:\n    path: {HomelabPlan.MediaPath}\n    type: Directory",
                MediaAccess.Nfs => $"- name: media\n  nfs:\n    server: {HomelabPlan.FileServer}\n    path: {HomelabPlan.MediaExport}\n    readOnly: true",
                _ => "",
            },
            ["PRIMARY_LABELS"] = hasLabels ? Labels("source") : "",
            ["BACKUP_LABELS"] = hasLabels ? Labels("destination") : "",
            ["PRIMARY_PEERS"] = app.IsSyncthing && !isFirst ? Peer(app, Roles.Backup) : "",
            ["BACKUP_PEERS"] = app.IsSyncthing && !isFirst ? Peer(app, Roles.Primary) : "",
            ["MINUTE"] = Text((int)(SeededHash.Of(plan.Seed, "minute", app.Name) % 60)),
        };
    }

    private static string Labels(string role) => $"moverPodLabels:\n  syncthing.io/role: {role}";

    private string Peer(PlannedApp app, string role) => $"""
        peers:
          - ID: {SyncthingIdentity.Of(plan.Seed, app.Category, $"{app.Name}-{role}")}
            address: tcp://{plan.Addresses.Of(app, role)}:{Text(SyncthingPort)}
            introducer: false
        """;

    private static string WordOf(Enum value) => value.ToString().ToLowerInvariant();

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
