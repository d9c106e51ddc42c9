using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Kinds;

namespace HomelabOps.Sandbox.Api.Webhooks;

/// <summary>A program of this homelab that answers webhooks.</summary>
internal interface IWebhookServer
{
    /// <summary>Whether it is what runs in a pod.</summary>
    bool Serves(JsonObject pod);

    /// <summary>What is in the way of a call to the pod, in the words of Go's client; null for nothing.</summary>
    /// <param name="pod">The pod behind the Service of the webhook.</param>
    /// <param name="client">The clientConfig of the webhook: its service, and the authority that its certificate has to be of.</param>
    string? Obstacle(JsonObject pod, JsonObject client);

    /// <summary>Why an object is refused; null for one that is not.</summary>
    string? Review(ResourceKind kind, JsonObject node);
}
