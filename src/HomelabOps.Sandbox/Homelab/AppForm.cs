namespace HomelabOps.Sandbox.Homelab;

/// <summary>What runs an application.</summary>
internal enum AppForm
{
    Deployment,
    StatefulSet,
    HelmRelease,
}
