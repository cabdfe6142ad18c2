// The first administrator's last step: an empty platform, or one with demonstration data.

import { Button } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useEffect } from "react";
import { Card } from "../../ui/Card";
import { LinkButton } from "../../ui/LinkButton";
import { PageTitle } from "../../ui/PageTitle";
import { SkeletonRows } from "../../ui/SkeletonRows";
import { Resource } from "../../ui/states";
import { Filling, useDemo } from "./Filling";
import classes from "./FirstRun.module.css";

export function FirstRun() {
  const demo = useDemo();
  const navigate = useNavigate();
  const isNothingToChoose = demo.data?.state === "unavailable";
  useEffect(() => {
    if (isNothingToChoose) void navigate({ to: "/desk/sign-ins", replace: true });
  }, [isNothingToChoose, navigate]);
  const isDone = demo.data?.state === "done";
  return (
    <>
      <PageTitle
        title="How do you want to begin?"
        about="The platform is yours, and nobody has joined yet."
        actions={isDone && <LinkButton to="/desk/sign-ins">To the desk</LinkButton>}
      />
      <div className={classes.narrow}>
        <Card label="How to begin">
          <Resource of={demo} what="what can be chosen" skeleton={<SkeletonRows rows={3} />}>
            {(found) => (
              <Filling
                demo={found}
                other={
                  <Button variant="default" onClick={() => navigate({ to: "/desk/sign-ins" })}>
                    Start empty
                  </Button>
                }
              />
            )}
          </Resource>
        </Card>
      </div>
    </>
  );
}
