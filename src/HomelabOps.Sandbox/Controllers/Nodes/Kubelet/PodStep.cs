using System.Text.Json.Nodes;

namespace HomelabOps.Sandbox.Controllers.Nodes.Kubelet;

/// <summary>One look of a kubelet at a pod: what it saw, what it tells, and when it wants to look again.</summary>
internal sealed class PodStep(JsonObject pod, PodRun run, DateTimeOffset now)
{
    private static readonly TimeSpan LeastPause = TimeSpan.FromSeconds(0.5);

    public JsonObject Pod => pod;

    public PodRun Run => run;

    public DateTimeOffset Now => now;

    public List<PodEvent> Events { get; } = [];

    /// <summary>The earliest moment at which something changes by itself.</summary>
    public DateTimeOffset? Due { get; private set; }

    public void Again(DateTimeOffset at) => Due = Due is { } due && due <= at ? due : at;

    /// <summary>Looks again when a command does something next; not for each moment of one that does so all the time.</summary>
    public void Follow(DateTimeOffset? at)
    {
        if (at is { } wanted)
        {
            Again(wanted > now + LeastPause ? wanted : now + LeastPause);
        }
    }

    public void Tell(string type, string reason, string message, ContainerRun? container = null) =>
        Events.Add(new(type, reason, message, container is null ? null : $"spec.{(container.IsEphemeral ? "ephemeralContainers" : container.IsInit ? "initContainers" : "containers")}{{{container.Name}}}"));
}
