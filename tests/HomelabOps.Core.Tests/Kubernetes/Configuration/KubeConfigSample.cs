namespace HomelabOps.Core.Tests.Kubernetes.Configuration;

/// <summary>A kubeconfig as people have it, and the files that it points to.</summary>
/// <param name="Name">What is special about it.</param>
/// <param name="Text">The file.</param>
/// <param name="Context">The context to take; null for the current one.</param>
/// <param name="TheirsDiffers">Why KubernetesClient's own reading cannot be the measure, where it cannot.</param>
internal sealed record KubeConfigSample(string Name, string Text, string? Context = null, string? TheirsDiffers = null);
