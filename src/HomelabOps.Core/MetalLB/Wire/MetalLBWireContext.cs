using System.Text.Json.Serialization;
using HomelabOps.Core.Kubernetes.Wire;

namespace HomelabOps.Core.MetalLB.Wire;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(ControllerWire))]
[JsonSerializable(typeof(WebhookConfigurationWire))]
[JsonSerializable(typeof(ConvertedKindWire))]
[JsonSerializable(typeof(RoleWire))]
[JsonSerializable(typeof(RoleBindingWire))]
[JsonSerializable(typeof(SecretWire))]
[JsonSerializable(typeof(ServiceWire))]
[JsonSerializable(typeof(SliceWire))]
internal sealed partial class MetalLBWireContext : JsonSerializerContext;
