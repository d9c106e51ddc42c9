namespace HomelabOps.Binding;

/// <summary>Lets <c>-App</c> take applications as well as their names.</summary>
public sealed class AppNamesAttribute : NamesAttribute
{
    private protected override string? NameOf(object? item) => item switch
    {
        HomelabApp app => app.Name,
        ResourceReference { Kind: "Deployment" or "StatefulSet" or "DaemonSet" or "CronJob" or "HelmRelease" } reference => reference.Name,
        _ => null,
    };
}
