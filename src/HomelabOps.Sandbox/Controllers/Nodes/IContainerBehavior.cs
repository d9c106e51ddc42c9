using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;

namespace HomelabOps.Sandbox.Controllers.Nodes;

/// <summary>
/// What the containers do that belong to another simulated part. The kubelet asks at each start of a container, so that a
/// fault that is mended ends with the next one. Safe for use by several threads.
/// </summary>
internal interface IContainerBehavior
{
    /// <summary>How a container of a pod runs this time; false for containers of others.</summary>
    bool TryGet(JsonObject pod, string container, [NotNullWhen(true)] out ContainerBehavior? behavior);
}
