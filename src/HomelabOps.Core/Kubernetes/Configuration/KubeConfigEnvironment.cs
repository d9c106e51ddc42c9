namespace HomelabOps.Core.Kubernetes.Configuration;

/// <summary>What decides where a kubeconfig is looked for; a test gives its own instead of the machine's.</summary>
public sealed record KubeConfigEnvironment
{
    /// <summary>Reads an environment variable.</summary>
    public Func<string, string?> GetVariable { get; init; } = Environment.GetEnvironmentVariable;

    /// <summary>The user's home folder.</summary>
    public string Home { get; init; } = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);

    /// <summary>What relative paths start from: the process's folder, which need not be where a shell in it is.</summary>
    public string WorkingFolder { get; init; } = Environment.CurrentDirectory;

    /// <summary>Where k3s writes the kubeconfig of its own server.</summary>
    public string K3sPath { get; init; } = "/etc/rancher/k3s/k3s.yaml";

    /// <summary>Where Kubernetes mounts the token of a pod's service account.</summary>
    public string ServiceAccountDirectory { get; init; } = "/var/run/secrets/kubernetes.io/serviceaccount";

    /// <summary>The machine's own.</summary>
    public static KubeConfigEnvironment Current => new();
}
