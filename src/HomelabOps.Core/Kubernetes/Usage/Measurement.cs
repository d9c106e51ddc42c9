using System.Runtime.InteropServices;

namespace HomelabOps.Core.Kubernetes.Usage;

/// <summary>What was measured of a node or a pod.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Measurement(double Cpu, long Memory, DateTimeOffset? Time);
