namespace HomelabOps;

/// <summary>What the default views show of applications.</summary>
public static partial class Display
{
    /// <summary>Ready pods of those that are wanted, or why none is.</summary>
    /// <param name="app">The application.</param>
    public static string Status(HomelabApp app)
    {
        ArgumentNullException.ThrowIfNull(app);
        return app switch
        {
            { Stopped: true } => Health("Stopped", null),
            { Kind: "CronJob" } => Health(app.Ready ? "Scheduled" : "Suspended", app.Ready && app.Healthy ? true : app.Healthy ? null : false),
            _ => Health($"{app.ReadyReplicas}/{app.Replicas}", app.Healthy && app.Replicas == 0 ? null : app.Healthy),
        };
    }

    /// <summary>An image without registry and folders, and its digest cut: <c>sonarr:4.0.0</c>.</summary>
    /// <param name="value">The image; null gives an empty text.</param>
    public static string Image(string? value)
    {
        var name = (value ?? "")[((value ?? "").LastIndexOf('/') + 1)..];
        return name.IndexOf("@sha256:", StringComparison.Ordinal) is > 0 and var at && name.Length > at + 16 ? name[..(at + 16)] : name;
    }

    /// <summary>Where an application is reached: its first host, else its external or its cluster address.</summary>
    /// <param name="app">The application.</param>
    public static string Address(HomelabApp app)
    {
        ArgumentNullException.ThrowIfNull(app);
        return app.Ingresses.Count > 0 ? app.Ingresses[0].ToString()
            : app.Services.FirstOrDefault(service => service.ExternalIP.Length > 0) is { } outside ? outside.ExternalIP
            : app.Services.Count > 0 ? app.Services[0].ToString() : "";
    }
}
