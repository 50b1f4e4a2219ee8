using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Integration.Chart;

/// <summary>What the Pod Security Standard "restricted" asks for (pod-security-admission, policy/check_*.go), and what we ask for besides.</summary>
public sealed class SecurityTests
{
    private static readonly string[] s_volumes = ["configMap", "downwardAPI", "emptyDir", "projected", "secret", "csi", "persistentVolumeClaim", "ephemeral", "image"];

    public static TheoryData<string, string> Cases => new()
    {
        { "values.yaml", "gateway.ingress.enabled=true" },
        { "values-small.yaml", "workers.generation-tiny.weights.source=copy,workers.generation-tiny.weights.image=registry.example.com/model" },
        { "values-gpu.yaml", "workers.generation-sd15.weights.source=image,workers.generation-sd15.weights.image=registry.example.com/model" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Every_pod_is_restricted(string values, string set)
    {
        var workloads = (await Helm.ManifestsAsync(values, "--set", set)).Where(m => m.Kind is "Deployment" or "Job").ToArray();
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

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task No_secret_is_rendered_and_every_credential_is_a_reference(string values, string set)
    {
        var manifests = await Helm.ManifestsAsync(values, "--set", set);
        manifests.ShouldNotContain(m => m.Kind == "Secret");
        foreach (var variable in manifests.Where(m => m.Kind is "Deployment" or "Job").SelectMany(m => m.Containers).SelectMany(c => c["env"].Items))
        {
            var name = variable["name"].Text;
            if (name.EndsWith("Token", StringComparison.Ordinal) || name.EndsWith("Key", StringComparison.Ordinal) || name.EndsWith("PASSWORD", StringComparison.Ordinal))
                variable["valueFrom", "secretKeyRef", "name"].IsThere.ShouldBeTrue(name);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Every_pod_has_the_policy_that_denies_all_and_one_that_allows(string values, string set)
    {
        var manifests = await Helm.ManifestsAsync(values, "--set", set);
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

    [Fact]
    public async Task The_pages_of_operators_are_behind_no_public_service()
    {
        var manifests = await Helm.ManifestsAsync("values.yaml", "--set", "gateway.ingress.enabled=true,gateway.service.type=LoadBalancer");
        foreach (var service in manifests.Where(m => m.Kind == "Service" && m["spec", "ports"].Items.Any(p => p["port"].Text == "9464" || p["targetPort"].Text == "pages")))
        {
            service["spec", "type"].Text.ShouldBe("ClusterIP", service.Name);
            service["spec", "ports"].Items.Count().ShouldBe(1, service.Name);
        }
        manifests.Where(m => m.Kind == "Ingress").SelectMany(m => m["spec", "rules"].Items).SelectMany(r => r["http", "paths"].Items)
            .Select(p => p["backend", "service", "name"].Text).ShouldBe(["flexedit-gateway"]);
    }
}
