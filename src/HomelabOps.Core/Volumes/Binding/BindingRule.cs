using HomelabOps.Core.Volumes.Wire;

namespace HomelabOps.Core.Volumes.Binding;

/// <summary>One rule of the volume binder.</summary>
/// <param name="Id">Which one.</param>
/// <param name="Ways">The ways on which it counts.</param>
/// <param name="Broken">What is wrong with a volume; null when it keeps the rule.</param>
internal sealed record BindingRule(PvcBindingRule Id, BindingWay Ways, Func<BindingCase, VolumeWire, string?> Broken);
