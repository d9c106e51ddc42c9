namespace HomelabOps.Core.Delivery;

/// <summary>What is brought to the cluster, as errors tell it.</summary>
/// <param name="Commit">Hash of the commit, perhaps in short.</param>
/// <param name="Timeout">How long it may take.</param>
internal sealed record DeliveryErrand(string Commit, TimeSpan Timeout);
