namespace HomelabOps.Core.MetalLB;

/// <summary>A Service that the webhook is called through.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Exists">It is there.</param>
/// <param name="ReadyEndpoints">Addresses behind it that are ready; null when that is not known or the Service leads outside of the cluster.</param>
internal sealed record WebhookService(string Name, bool Exists, int? ReadyEndpoints);
