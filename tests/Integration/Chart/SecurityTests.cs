using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Integration.Chart;

/// <summary>What the Pod Security Standard "restricted" asks for (pod-security-admission, policy/check_*.go), and what we ask for besides.</summary>
public sealed class SecurityTests
{
    private static readonly string[] s_volumes = ["configMap", "downwardAPI", "emptyDir", "projected", "secret", "csi", "persistentVolumeClaim", "ephemeral", "image"];

    // What a values file does not show.
    private static readonly (string Values, string Set)[] s_variants =
    [
        ("values.yaml", "gateway.ingress.enabled=true,gateway.service.type=LoadBalancer"),
        ("values-small.yaml", "workers.generation-tiny.weights.source=copy,workers.generation-tiny.weights.image=registry.example.com/model"),
        ("values-gpu.yaml", "workers.generation-sd15.weights.source=image,workers.generation-sd15.weights.image=registry.example.com/model"),
    ];

    [Theory]
    [MemberData(nameof(RenderTests.ValuesFiles), MemberType = typeof(RenderTests))]
    public void Every_approved_manifest_is_safe(string values) => Check(Helm.ApprovedManifests(values));

    [Fact]
    public async Task Other_values_are_safe_too()
    {
        foreach (var (values, set) in s_variants)
            Check(await Helm.ManifestsAsync(values, "--set", set));
    }

    private static void Check(IReadOnlyList<Manifest> manifests)
    {
        EveryPodIsRestricted(manifests);
        EveryCredentialIsAReference(manifests);
        EveryPodHasItsPolicies(manifests);
        TheOperatorsPagesAreBehindNoPublicService(manifests);
    }

    private static void EveryPodIsRestricted(IReadOnlyList<Manifest> manifests)
    {
        var workloads = manifests.Where(m => m.Kind is "Deployment" or "Job").ToArray();
        workloads.Length.ShouldBeGreaterThan(4);
        foreach (var workload in workloads)
        {
            var pod = workload.Pod;
            pod["securityContext", "runAsNonRoot"].Text.ShouldBe("true", workload.Name);
            pod["securityContext", "runAsUser"].Number.ShouldBeGreaterThan(0, workload.Name);
            pod["securityContext", "seccompProfile", "type"].Text.ShouldBe("RuntimeDefault", workload.Name);
            pod["automountServiceAccountToken"].Text.ShouldBe("false", workload.Name);
            pod["enableServiceLinks"].Text.ShouldBe("false", workload.Name);
            pod["serviceAccountName"].IsThere.ShouldBeTrue(workload.Name);
            foreach (var name in new[] { "hostNetwork", "hostPID", "hostIPC" })
                pod[name].IsThere.ShouldBeFalse(workload.Name);
            foreach (var volume in pod["volumes"].Items)
                volume.Entries.Keys.Where(key => key != "name").ShouldBeSubsetOf(s_volumes, workload.Name);
            foreach (var container in workload.Containers)
            {
                var what = $"{workload.Name}/{container["name"].Text}";
                container["securityContext", "allowPrivilegeEscalation"].Text.ShouldBe("false", what);
                container["securityContext", "readOnlyRootFilesystem"].Text.ShouldBe("true", what);
                container["securityContext", "capabilities", "drop"].Items.Select(c => c.Text).ShouldBe(["ALL"], what);
                container["securityContext", "capabilities", "add"].IsThere.ShouldBeFalse(what);
                container["resources", "limits", "memory"].IsThere.ShouldBeTrue(what);
                container["resources", "requests", "cpu"].IsThere.ShouldBeTrue(what);
                foreach (var probe in new[] { "startupProbe", "readinessProbe", "livenessProbe" })
                    container[probe, "httpGet", "host"].IsThere.ShouldBeFalse(what);
                foreach (var port in container["ports"].Items)
                    port["hostPort"].IsThere.ShouldBeFalse(what);
                container["image"].Text.ShouldNotEndWith(":latest", customMessage: what);
            }
        }
    }

    private static void EveryCredentialIsAReference(IReadOnlyList<Manifest> manifests)
    {
        manifests.ShouldNotContain(m => m.Kind == "Secret");
        foreach (var variable in manifests.Where(m => m.Kind is "Deployment" or "Job").SelectMany(m => m.Containers).SelectMany(c => c["env"].Items))
        {
            var name = variable["name"].Text;
            if (name.EndsWith("Token", StringComparison.Ordinal) || name.EndsWith("Key", StringComparison.Ordinal) || name.EndsWith("PASSWORD", StringComparison.Ordinal))
                variable["valueFrom", "secretKeyRef", "name"].IsThere.ShouldBeTrue(name);
        }
        // What stands in the environment cannot be replaced without a restart.
        foreach (var variable in manifests.Where(m => m.Kind is "Deployment").SelectMany(m => m.Containers).SelectMany(c => c["env"].Items).Where(v => v["valueFrom", "secretKeyRef"].Entries.Count > 0))
            variable["name"].Text.ShouldBe("POSTGRES_USER");
    }

    private static void EveryPodHasItsPolicies(IReadOnlyList<Manifest> manifests)
    {
        var policies = manifests.Where(m => m.Kind == "NetworkPolicy").ToArray();
        foreach (var workload in manifests.Where(m => m.Kind is "Deployment" or "Job"))
        {
            var labels = workload["spec", "template", "metadata", "labels"].Entries.ToDictionary(label => label.Key, label => label.Value.Text);
            var its = policies.Where(p => p["spec", "podSelector", "matchLabels"].Entries.All(l => labels.GetValueOrDefault(l.Key) == l.Value.Text)).Select(p => p.Name).ToArray();
            its.Length.ShouldBe(2, workload.Name);
            its.ShouldContain("flexedit-default-deny");
        }
        // Only storage takes connections from others on the pages' port beside Prometheus, and nobody else's port is open to the public than the gateway's.
        foreach (var policy in policies)
        {
            foreach (var rule in policy["spec", "ingress"].Items.Where(rule => !rule["from"].IsThere))
                (policy.Name, rule["ports"].Items.Single()["port"].Text).ShouldBe(("flexedit-gateway", "8080"));
        }
    }

    private static void TheOperatorsPagesAreBehindNoPublicService(IReadOnlyList<Manifest> manifests)
    {
        foreach (var service in manifests.Where(m => m.Kind == "Service" && m["spec", "ports"].Items.Any(p => p["port"].Text == "9464" || p["targetPort"].Text == "pages")))
        {
            service["spec", "type"].Text.ShouldBe("ClusterIP", service.Name);
            service["spec", "ports"].Items.Count().ShouldBe(1, service.Name);
        }
        manifests.Where(m => m.Kind == "Ingress").SelectMany(m => m["spec", "rules"].Items).SelectMany(r => r["http", "paths"].Items)
            .Select(p => p["backend", "service", "name"].Text).ShouldAllBe(name => name == "flexedit-gateway");
    }
}
