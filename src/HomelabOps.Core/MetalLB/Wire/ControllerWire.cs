using HomelabOps.Core.Kubernetes.Wire;

namespace HomelabOps.Core.MetalLB.Wire;

/// <summary>The Deployment of MetalLB's controller.</summary>
internal sealed class ControllerWire : ObjectWire
{
    public ControllerSpecWire? Spec { get; set; }

    public ControllerStatusWire? Status { get; set; }
}

internal sealed class ControllerSpecWire
{
    public int? Replicas { get; set; }

    public ControllerSelectorWire? Selector { get; set; }

    public ControllerTemplateWire? Template { get; set; }
}

internal sealed class ControllerSelectorWire
{
    public Dictionary<string, string>? MatchLabels { get; set; }
}

internal sealed class ControllerTemplateWire
{
    public ControllerPodWire? Spec { get; set; }
}

internal sealed class ControllerPodWire
{
    public string? ServiceAccountName { get; set; }

    public List<ControllerContainerWire>? Containers { get; set; }

    public List<ControllerVolumeWire>? Volumes { get; set; }
}

internal sealed class ControllerContainerWire
{
    public string Name { get; set; } = "";

    public string? Image { get; set; }

    public List<string>? Command { get; set; }

    public List<string>? Args { get; set; }

    public List<ControllerMountWire>? VolumeMounts { get; set; }
}

internal sealed class ControllerMountWire
{
    public string Name { get; set; } = "";

    public string MountPath { get; set; } = "";
}

internal sealed class ControllerVolumeWire
{
    public string Name { get; set; } = "";

    public ControllerSecretWire? Secret { get; set; }

    public ControllerProjectionWire? Projected { get; set; }
}

internal sealed class ControllerProjectionWire
{
    public List<ControllerProjectedWire>? Sources { get; set; }
}

internal sealed class ControllerProjectedWire
{
    public ControllerProjectedSecretWire? Secret { get; set; }
}

internal sealed class ControllerProjectedSecretWire
{
    public string? Name { get; set; }

    public bool? Optional { get; set; }
}

internal sealed class ControllerSecretWire
{
    public string? SecretName { get; set; }

    public bool? Optional { get; set; }
}

internal sealed class ControllerStatusWire
{
    public int? ReadyReplicas { get; set; }
}
