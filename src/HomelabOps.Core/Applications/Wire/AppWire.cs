using System.Text.Json.Serialization;
using HomelabOps.Core.Kubernetes.Wire;

namespace HomelabOps.Core.Applications.Wire;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(ServiceWire))]
[JsonSerializable(typeof(EndpointsWire))]
[JsonSerializable(typeof(IngressWire))]
internal sealed partial class AppWireContext : JsonSerializerContext;
