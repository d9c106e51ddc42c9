using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Objects;
using HomelabOps.Sandbox.Controllers.Nodes;
using HomelabOps.Sandbox.Controllers.Runtime;
using static HomelabOps.Sandbox.Api.Tables.Cells;

namespace HomelabOps.Sandbox.Controllers.MetalLB;

/// <summary>How the container of MetalLB's controller runs: without the Secret that it wants, it ends.</summary>
internal sealed class MetalLBBehavior(Informer secrets, TimeProvider clock, MetalLBOptions options) : IContainerBehavior
{
    public bool TryGet(JsonObject pod, string container, [NotNullWhen(true)] out ContainerBehavior? behavior)
    {
        behavior = container is "controller" or "metallb-controller" && Text(pod, "metadata.namespace") == options.Namespace && MetalLBSettings.IsController(pod) && MetalLBSettings.Of(pod["spec"]) is { } settings
            ? Of(settings)
            : null;
        return behavior is not null;
    }

    private ContainerBehavior Of(MetalLBSettings settings)
    {
        var lines = new List<string> { Line("info", $"\"version\":\"{settings.Version}\",\"commit\":\"v{settings.Version}\",\"goversion\":\"gc / go1.22.10 / amd64\",\"msg\":\"MetalLB controller starting version {settings.Version} (commit v{settings.Version}, branch )\"") };
        var secret = secrets.Find(options.Namespace, settings.Secret);
        var error = !settings.HasWebhook ? null
            : settings.IsRotationDisabled ? secret?["data"]?["tls.crt"] is null ? "open /tmp/k8s-webhook-server/serving-certs/tls.crt: no such file or directory" : null
            : secret is null ? $"acquiring secret to update certificates: Secret \"{settings.Secret}\" not found"
            : null;
        if (error is null)
        {
            lines.Add(Line("info", "\"event\":\"stateSynced\",\"msg\":\"controller synced, can allocate IPs now\""));
            return new(TimeSpan.Zero, null, "Running", lines);
        }

        var text = error.Replace("\"", "\\\"", StringComparison.Ordinal);
        if (!settings.IsRotationDisabled)
        {
            lines.Add(Line("error", $"\"logger\":\"cert-rotation\",\"msg\":\"could not refresh cert on startup\",\"error\":\"{text}\""));
        }

        lines.Add(Line("error", $"\"op\":\"startup\",\"error\":\"{text}\",\"msg\":\"failed to run k8s client\""));
        return new(TimeSpan.FromSeconds(1), 1, "Error", lines);
    }

    private string Line(string level, string rest) => $"{{\"level\":\"{level}\",\"ts\":\"{Timestamps.Format(clock.GetUtcNow())}\",{rest}}}";
}
