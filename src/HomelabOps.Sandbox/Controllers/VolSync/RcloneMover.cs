using System.Text.Json.Nodes;
using static HomelabOps.Sandbox.Api.Tables.Cells;

namespace HomelabOps.Sandbox.Controllers.VolSync;

/// <summary>Copies to and from what rclone can reach.</summary>
internal sealed class RcloneMover : JobMover
{
    protected override int BackoffLimit => 2;

    protected override bool TellsTransfers => false;

    protected override async Task<Plan?> PlanAsync(MoverContext context, CancellationToken cancellationToken)
    {
        foreach (var (field, says) in (ReadOnlySpan<(string, string)>)[("rcloneConfig", "Rclone config secret name"), ("rcloneConfigSection", "Rclone config section name"), ("rcloneDestPath", "Rclone destination path")])
        {
            if (Text(context.Spec, field).Length == 0)
            {
                throw new MoverException($"unable to get {says}");
            }
        }

        var secret = context.Secret(Text(context.Spec, "rcloneConfig"), "rclone.conf");
        var claim = context.IsSource
            ? await MoverVolumes.SourceAsync(context, "src", cancellationToken)
            : await MoverVolumes.DestinationAsync(context, "dest", cancellationToken);
        if (claim is null || await context.AccountAsync(cancellationToken) is not { } account)
        {
            return null;
        }

        var name = VolSyncNames.Short($"volsync-rclone-{context.Direction}-", context.Name);
        var container = MoverPods.Container(
            context,
            "rclone",
            ["/bin/bash", "-c", "/mover-rclone/active.sh"],
            [],
            Environment(context, secret),
            ("data", "/data"),
            ("rclone-secret", "/rclone-config/"),
            ("tempdir", "/tmp"));
        var template = MoverPods.Template(context, name, [], container, account,
        [
            MoverPods.ClaimVolume("data", Text(claim, "metadata.name")),
            MoverPods.SecretVolume("rclone-secret", Text(secret, "metadata.name")),
            MoverPods.MemoryVolume("tempdir"),
        ]);
        return new(name, template, claim);
    }

    private static IEnumerable<JsonObject> Environment(MoverContext context, JsonObject secret) =>
    [
        .. ((JsonObject)secret["data"]!).Select(field => field.Key).Where(name => name.StartsWith("RCLONE_", StringComparison.Ordinal)).Order(StringComparer.Ordinal).Select(name => MoverPods.SecretVariable(name, Text(secret, "metadata.name"), isOptional: true)),
        MoverPods.Variable("RCLONE_CONFIG", "/rclone-config/rclone.conf"),
        MoverPods.Variable("RCLONE_DEST_PATH", Text(context.Spec, "rcloneDestPath")),
        MoverPods.Variable("DIRECTION", context.IsSource ? "source" : "destination"),
        MoverPods.Variable("MOUNT_PATH", "/data"),
        MoverPods.Variable("RCLONE_CONFIG_SECTION", Text(context.Spec, "rcloneConfigSection")),
    ];
}
